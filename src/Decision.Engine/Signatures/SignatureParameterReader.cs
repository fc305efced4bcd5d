using System.Text;

namespace Decision.Engine.Signatures;

/// <summary>
/// Reads <c>name="value", name=value</c>: comma-separated parameters with optional white space around commas and equal signs, values
/// quoted (with backslash escapes) or bare. Empty elements between commas are skipped.
/// </summary>
internal ref struct SignatureParameterReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int position;

    /// <summary>The name last read, as the client wrote it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The value last read, unquoted.</summary>
    public string Value { get; private set; } = "";

    /// <summary>What is malformed, as a sentence; null at a proper end.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the next parameter; false at the end or at a <see cref="Problem"/>.</summary>
    public bool Read()
    {
        SkipWhiteSpaceAnd(',');
        if (position == text.Length)
        {
            return false;
        }

        int start = position;
        while (position < text.Length && HttpToken.IsCharacter(text[position]))
        {
            position++;
        }

        Name = text[start..position].ToString();
        SkipWhiteSpaceAnd(null);
        if (Name.Length == 0 || position == text.Length || text[position] != '=')
        {
            return Fail("is not of the form name=\"value\"");
        }

        position++;
        SkipWhiteSpaceAnd(null);
        if (!(position < text.Length && text[position] == '"' ? ReadQuoted() : ReadBare()))
        {
            return false;
        }

        SkipWhiteSpaceAnd(null);
        return position == text.Length || text[position] == ',' || Fail("is followed by something else than a comma");
    }

    private bool ReadQuoted()
    {
        StringBuilder value = new();
        for (position++; position < text.Length; position++)
        {
            char c = text[position];
            if (c == '"')
            {
                position++;
                Value = value.ToString();
                return true;
            }

            if (c == '\\' && ++position == text.Length)
            {
                break;
            }

            value.Append(text[position]);
        }

        return Fail("has no closing quote");
    }

    private bool ReadBare()
    {
        int start = position;
        while (position < text.Length && text[position] is not (',' or ' ' or '\t' or '"'))
        {
            position++;
        }

        Value = text[start..position].ToString();
        return Value.Length > 0 || Fail("has no value");
    }

    private void SkipWhiteSpaceAnd(char? separator)
    {
        while (position < text.Length && (text[position] is ' ' or '\t' || text[position] == separator))
        {
            position++;
        }
    }

    private bool Fail(string what)
    {
        string which = Name.Length is > 0 and <= 32 ? $"the parameter {Name}" : "a parameter";
        Problem = $"The Authorization header is malformed: {which} {what}.";
        return false;
    }
}
