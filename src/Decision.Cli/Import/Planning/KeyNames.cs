using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decision.Cli.Import.Reading;

namespace Decision.Cli.Import.Planning;

/// <summary>Names keys in reports without showing them.</summary>
internal static class KeyNames
{
    /// <summary>The first 8 digits of the SHA-256 of a text, or the hash that is known, and the alias.</summary>
    public static string Of(TykKey key, string alias)
    {
        string name = key.Text is { } text
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]
            : key.Hash!.Length > 16 ? key.Hash[..16] + "..." : key.Hash;
        return alias.Length == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({alias})");
    }
}
