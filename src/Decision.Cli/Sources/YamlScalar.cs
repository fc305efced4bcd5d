using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Decision.Cli.Sources;

/// <summary>
/// What a scalar is by the core schema of YAML 1.2 (section 10.3.2): what is in quotes is a text, and what is not is what it looks like.
/// </summary>
internal static partial class YamlScalar
{
    private const string CoreTags = "tag:yaml.org,2002:";

    // The tag that says "a text, whatever it looks like" without a name.
    private const string NonSpecific = "!";

    /// <summary>Reads a scalar. Where it is wrong, the problem says so.</summary>
    public static SourceNode Read(Scalar scalar, SourceProblems problems)
    {
        string tag = TagOf(scalar);
        bool isText = tag is "str" or NonSpecific || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain);
        var (line, column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
        var node = isText
            ? new SourceNode { Kind = SourceKind.Text, Line = line, Column = column, Text = scalar.Value }
            : Plain(scalar.Value, line, column, problems);
        if (isText || tag.Length == 0)
        {
            return node;
        }

        SourceKind? tagged = tag switch { "null" => SourceKind.Null, "bool" => SourceKind.Boolean, "int" or "float" => SourceKind.Number, _ => null };
        if (tagged is null)
        {
            CheckTag(scalar, "str", problems);
        }
        else if (tagged != node.Kind)
        {
            problems.Add(line, column, "", $"has the tag !!{tag}, but is {node.Description}: remove the tag, or write such a value.");
        }

        return node;
    }

    /// <summary>Refuses a tag other than the expected one: what it would make of the value is not known here.</summary>
    public static void CheckTag(NodeEvent node, string expected, SourceProblems problems)
    {
        string tag = TagOf(node);
        if (tag.Length > 0 && tag != NonSpecific && tag != expected)
        {
            problems.Add((int)node.Start.Line, (int)node.Start.Column, "", $"has the tag {node.Tag.Value}, which means nothing here: remove it.");
        }
    }

    // A tag of the core schema without what all of them begin with.
    private static string TagOf(NodeEvent node) => node.Tag.IsEmpty ? ""
        : node.Tag.Value.StartsWith(CoreTags, StringComparison.Ordinal) ? node.Tag.Value[CoreTags.Length..]
        : node.Tag.Value;

    private static SourceNode Plain(string text, int line, int column, SourceProblems problems)
    {
        SourceNode Node(SourceKind kind, string written, string? number = null) =>
            new() { Kind = kind, Line = line, Column = column, Text = written, Number = number ?? written };

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return Node(SourceKind.Null, "");
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                return Node(SourceKind.Boolean, text.ToLowerInvariant());
        }

        if (NotFinite().IsMatch(text))
        {
            problems.Add(line, column, "", $"{text} is no number that a policy can have; -1 is unlimited. Put it in quotes where it is a text.");
        }
        else if (Number().Match(text) is { Success: true } number)
        {
            return Node(SourceKind.Number, text, AsJson(number));
        }
        else if (OtherBase().Match(text) is { Success: true } other)
        {
            if (Value(other) is { } value)
            {
                return Node(SourceKind.Number, text, value.ToString(CultureInfo.InvariantCulture));
            }

            problems.Add(line, column, "", $"{text} is larger than {long.MaxValue}: write a smaller number, or put it in quotes where it is a text.");
        }

        return Node(SourceKind.Text, text);
    }

    // 1.2 has no octal numbers but 0o17, so 007 is 7 as in every other place of a policy where digits stand, +5 is 5, and .5 is 0.5.
    private static string AsJson(Match number)
    {
        string whole = number.Groups["whole"].Value.TrimStart('0');
        string part = number.Groups["part"].Value;
        return (number.Groups["sign"].Value == "-" ? "-" : "") + (whole.Length > 0 ? whole : "0") + (part.Length > 0 ? "." + part : "") + number.Groups["power"].Value;
    }

    // Null = it is no number of 63 bits. In 64 bits, 0xFFFFFFFFFFFFFFFF would be -1, which is unlimited.
    private static long? Value(Match digits)
    {
        int bits = digits.Groups["base"].Value == "x" ? 4 : 3;
        long value = 0;
        foreach (char digit in digits.Groups["digits"].ValueSpan)
        {
            if (value > long.MaxValue >> bits)
            {
                return null;
            }

            value = (value << bits) | (long)Convert.ToByte(digit.ToString(), 16);
        }

        return value;
    }

    [GeneratedRegex(
        @"\A(?<sign>[-+]?)(?:(?<whole>[0-9]+)(?:\.(?<part>[0-9]*))?|\.(?<part>[0-9]+))(?<power>[eE][-+]?[0-9]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A0((?<base>x)(?<digits>[0-9a-fA-F]+)|(?<base>o)(?<digits>[0-7]+))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OtherBase();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NotFinite();
}
