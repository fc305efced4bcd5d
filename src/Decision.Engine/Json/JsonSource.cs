using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Decision.Engine.Findings;

namespace Decision.Engine.Json;

/// <summary>Parses a whole JSON text, or says in one finding where it is broken.</summary>
public static class JsonSource
{
    // Deep enough for any policy, shallow enough that no reader of it runs out of stack.
    private const int DeepestNesting = 64;

    /// <summary>Parses a text.</summary>
    /// <param name="utf8">The text: UTF-8 without byte order mark, comments and trailing commas.</param>
    /// <param name="subject">Names the text in findings, such as a file's name.</param>
    /// <param name="findings">Receives the finding when it is broken.</param>
    /// <returns>Null when it is broken. Dispose it when everything is read: what is kept from it is copied.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, string subject, FindingList findings)
    {
        if (EncodingProblem(utf8.Span) is { } problem)
        {
            findings.Error(subject, "", problem);
            return null;
        }

        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DeepestNesting });
        }
        catch (JsonException broken)
        {
            findings.Error(subject, "", Explain(broken, utf8.Span));
            return null;
        }
    }

    private static string? EncodingProblem(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            return "line 1, column 1: starts with a byte order mark, which JSON does not have: save it as UTF-8 without one.";
        }

        if (utf8.StartsWith(Encoding.Unicode.Preamble) || utf8.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            return "line 1, column 1: is UTF-16: save it as UTF-8 without byte order mark.";
        }

        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return "is empty: write one JSON value, such as {}.";
        }

        return Utf8.IsValid(utf8) ? null : $"{PlaceOf(utf8, FirstInvalid(utf8))}: is not valid UTF-8: save it as UTF-8.";
    }

    private static string Explain(JsonException broken, ReadOnlySpan<byte> utf8)
    {
        var line = (int)(broken.LineNumber ?? 0);
        var column = (int)(broken.BytePositionInLine ?? 0);
        var at = StartOfLine(utf8, line) + column;
        var place = $"line {line + 1}, column {column + 1}";
        if (broken.Message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            return $"{place}: is nested deeper than {DeepestNesting} levels: flatten it.";
        }

        if (broken.Message.Contains("trailing comma", StringComparison.Ordinal))
        {
            return $"{place}: has a comma before a closing bracket, which JSON does not allow: remove it.";
        }

        if (at < utf8.Length && utf8[at] is (byte)'/' or (byte)'#')
        {
            return $"{place}: has a comment, which JSON does not allow: remove it.";
        }

        if (at >= utf8.Length)
        {
            return $"{place}: is not complete JSON: a closing bracket or quotation mark is missing.";
        }

        var message = broken.Message;
        var positionAt = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"{place}: is not JSON: {(positionAt < 0 ? message : message[..positionAt])}";
    }

    private static string PlaceOf(ReadOnlySpan<byte> utf8, int at)
    {
        var before = utf8[..at];
        return $"line {before.Count((byte)'\n') + 1}, column {at - (before.LastIndexOf((byte)'\n') + 1) + 1}";
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    private static int StartOfLine(ReadOnlySpan<byte> utf8, int line)
    {
        var at = 0;
        for (var number = 0; number < line; number++)
        {
            var next = utf8[at..].IndexOf((byte)'\n');
            if (next < 0)
            {
                return utf8.Length;
            }

            at += next + 1;
        }

        return at;
    }
}
