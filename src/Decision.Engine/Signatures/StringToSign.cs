using System.Text;

namespace Decision.Engine.Signatures;

/// <summary>Builds the text that a client signs: one line <c>name: value</c> per listed header, joined by line feeds.</summary>
internal static class StringToSign
{
    public const string RequestTarget = "(request-target)";
    public const string Date = "date";

    /// <summary>Stands in for <see cref="Date"/> where a client's platform does not let it set that header.</summary>
    public const string AuxiliaryDate = "x-aux-date";

    /// <summary>Builds the text, or says which part of the request does not allow it.</summary>
    /// <param name="signed">The listed names, in lower case.</param>
    /// <param name="target">The request's line for <c>(request-target)</c>: method in lower case, space, path.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="text">The text to sign.</param>
    /// <param name="date">The value of the date that was signed; null where none was.</param>
    /// <param name="problem">What is missing or cannot be signed.</param>
    public static bool TryBuild(
        IReadOnlyList<string> signed, string target, IReadOnlyList<SignedHeader> headers, out string text, out string? date, out string? problem)
    {
        text = "";
        date = null;
        problem = null;
        StringBuilder lines = new();
        foreach (string listed in signed)
        {
            string name = listed;
            string? value;
            if (name == RequestTarget)
            {
                value = target;
            }
            else if (name == Date)
            {
                // An auxiliary date replaces the date whole: the signed line carries its name.
                value = Find(AuxiliaryDate, headers) is { Length: > 0 } auxiliary ? auxiliary : null;
                name = value is null ? Date : AuxiliaryDate;
                date = value ??= Find(Date, headers);
            }
            else
            {
                value = Find(name, headers);
                date = name == AuxiliaryDate ? value : date;
            }

            if (value is null)
            {
                problem = $"The signature covers the header {Shown(listed)}, but the request does not have it.";
                return false;
            }

            if (HasControlCharacter(value))
            {
                // A line feed in a value could pass for another signed line.
                problem = name == RequestTarget
                    ? "The request's path contains a control character, so that it cannot be signed."
                    : $"The value of the header {Shown(name)} contains a control character, so that it cannot be signed.";
                return false;
            }

            lines.Append(lines.Length == 0 ? "" : "\n").Append(name).Append(": ").Append(value);
        }

        text = lines.ToString();
        return true;
    }

    private static string? Find(string name, IReadOnlyList<SignedHeader> headers)
    {
        string? joined = null;
        for (int i = 0; i < headers.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(headers[i].Name, name))
            {
                string value = headers[i].Value.AsSpan().Trim(" \t").ToString();
                joined = joined is null ? value : joined + ", " + value;
            }
        }

        return joined;
    }

    private static bool HasControlCharacter(string value)
    {
        foreach (char c in value)
        {
            if (char.IsControl(c) && c != '\t')
            {
                return true;
            }
        }

        return false;
    }

    // The name is the client's text, already known to be a token; a message stays short all the same.
    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "...";
}
