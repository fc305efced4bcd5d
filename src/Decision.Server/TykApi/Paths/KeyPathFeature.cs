using System.Text;

namespace Decision.Server.TykApi.Paths;

/// <summary>The path of a request as it came, where <see cref="KeyPathServer"/> shows another one.</summary>
/// <param name="rawTarget">The request's target, escapes and all.</param>
/// <param name="path">The path as the server understood it: escapes decoded, but for <c>%2F</c>.</param>
internal sealed class KeyPathFeature(string rawTarget, string path)
{
    private const string EscapedSlash = "%2F";

    /// <summary>The last segment, with its escapes decoded once. A <c>%2F</c> in it is a slash of the key.</summary>
    /// <returns>False where the target and the path do not name the same segment.</returns>
    public bool TryReadId(out string id)
    {
        string raw = LastSegment(rawTarget.Split('?', 2)[0]);
        id = Decode(raw, keepsSlashes: false);

        // The server decoded the path too, and removed "." and "..": both must have read the same, else it is not clear which key is meant.
        return id.Length > 0 && Decode(raw, keepsSlashes: true) == LastSegment(path);
    }

    private static string LastSegment(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    private static string Decode(string raw, bool keepsSlashes)
    {
        var text = new StringBuilder(raw.Length);
        int start = 0;
        int at;
        while ((at = raw.IndexOf(EscapedSlash, start, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            text.Append(Uri.UnescapeDataString(raw[start..at])).Append(keepsSlashes ? raw.AsSpan(at, EscapedSlash.Length) : "/");
            start = at + EscapedSlash.Length;
        }

        return text.Append(Uri.UnescapeDataString(raw[start..])).ToString();
    }
}
