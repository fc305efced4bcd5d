using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Runtime.Administration;

/// <summary>Where a list goes on. It is bound to the list's filter, so that a token of another list is refused and not misread.</summary>
internal static class PageToken
{
    private const int MarkLength = 8;

    public static string After(string id, string filter) =>
        Base64Url.EncodeToString([.. Mark(filter), .. Encoding.UTF8.GetBytes(id)]);

    /// <summary>The id to go on after; empty for an empty token.</summary>
    /// <exception cref="AdministrationException">The token is not one of this list.</exception>
    public static string Read(string token, string filter)
    {
        if (token.Length == 0)
        {
            return "";
        }

        byte[] bytes = new byte[token.Length];
        if (Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, bytes, out int length)
            && length > MarkLength
            && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(filter)))
        {
            return Encoding.UTF8.GetString(bytes, MarkLength, length - MarkLength);
        }

        throw new AdministrationException(
            "page_token", "is not one that this list gave; hand back next_page_token with the same filter, or leave it empty to start again.");
    }

    private static byte[] Mark(string filter) => SHA256.HashData(Encoding.UTF8.GetBytes(filter))[..MarkLength];
}
