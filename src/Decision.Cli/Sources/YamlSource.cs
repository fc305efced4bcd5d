using System.Text;
using YamlDotNet.Core;

namespace Decision.Cli.Sources;

/// <summary>Reads YAML 1.2 by its core schema, with anchors, and with the merge keys that people know from 1.1.</summary>
internal static class YamlSource
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file that holds one document.</summary>
    /// <returns>Null where it is broken; the problems say where.</returns>
    public static SourceNode? Read(ReadOnlySpan<byte> utf8, SourceProblems problems)
    {
        switch (ReadAll(utf8, problems))
        {
            case null:
                return null;
            case []:
                problems.Add("is empty.");
                return null;
            case [var only]:
                return only;
            case [_, var second, ..]:
                problems.Add(second.Line, 0, "", "is a second document: write one document in a file.");
                return null;
        }
    }

    /// <summary>Reads a file of any number of documents.</summary>
    /// <returns>Each in its order; null where one is broken: the problems say where.</returns>
    public static IReadOnlyList<SourceNode>? ReadAll(ReadOnlySpan<byte> utf8, SourceProblems problems)
    {
        int before = problems.All.Count;
        try
        {
            using var text = new StringReader(Utf8.GetString(utf8).TrimStart('\uFEFF'));
            var documents = new YamlReader(text, problems).Documents();
            return problems.All.Count == before ? documents : null;
        }
        catch (YamlException broken)
        {
            var (line, column) = broken.Message.Contains("tab", StringComparison.Ordinal) && LineWithTab(utf8) is > 0 and var tabbed
                ? (tabbed, 1)
                : ((int)broken.End.Line, (int)broken.End.Column);
            problems.Add(line, column, "", "is not YAML: " + (broken.InnerException ?? broken).Message);
        }
        catch (DecoderFallbackException)
        {
            problems.Add("is not valid UTF-8: save it as UTF-8.");
        }

        return null;
    }

    // The parser knows only where the map around a tab begins.
    private static int LineWithTab(ReadOnlySpan<byte> utf8)
    {
        int line = 0;
        foreach (var range in utf8.Split((byte)'\n'))
        {
            line++;
            var text = utf8[range];
            int indentation = text.IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (indentation > 0 && text[..indentation].Contains((byte)'\t'))
            {
                return line;
            }
        }

        return 0;
    }
}
