using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Documents;

/// <summary>
/// A document as a value in Redis: the format (<c>1</c>), the revision, the time of the change in microseconds and the etag, each ended by a line
/// feed, and then the JSON as it is.
/// </summary>
internal static class StoredDocument
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>What stands before the JSON.</summary>
    /// <exception cref="ArgumentException">The etag has a line feed.</exception>
    public static string HeadOf(Document document)
    {
        CheckEtag(document.Etag);
        return string.Create(CultureInfo.InvariantCulture, $"1\n{document.Revision}\n{document.ChangedAtUs}\n{document.Etag}\n");
    }

    /// <summary>Refuses what would end the etag's line.</summary>
    /// <exception cref="ArgumentException">The etag has a line feed.</exception>
    public static void CheckEtag(string etag)
    {
        if (etag.Contains('\n', StringComparison.Ordinal))
        {
            throw new ArgumentException("An etag has no line feed.", nameof(etag));
        }
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="StoreException">It is something else: damaged, or of a later format.</exception>
    public static Document Read(DocumentKind kind, string id, ReadOnlyMemory<byte> value)
    {
        ReadOnlyMemory<byte> rest = value;
        ReadOnlySpan<byte> format = Line(ref rest).Span;
        long revision = NumberOf(Line(ref rest).Span);
        long changedAtUs = NumberOf(Line(ref rest).Span);
        ReadOnlyMemory<byte> etag = Line(ref rest);
        if (!format.SequenceEqual("1"u8) || revision < 1 || changedAtUs == long.MinValue || rest.IsEmpty)
        {
            throw Unreadable();
        }

        return new Document(kind, id, revision, Encoding.UTF8.GetString(etag.Span), rest, changedAtUs);
    }

    /// <summary>For a value that this version cannot read.</summary>
    public static StoreException Unreadable() =>
        new("A stored document is damaged, or was written by a newer version of the server. Start that version, or restore Redis from a backup.");

    private static ReadOnlyMemory<byte> Line(ref ReadOnlyMemory<byte> rest)
    {
        int end = rest.Span.IndexOf(LineFeed);
        ReadOnlyMemory<byte> line = end < 0 ? default : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line;
    }

    private static long NumberOf(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long number, out int length) && length == line.Length ? number : long.MinValue;
}
