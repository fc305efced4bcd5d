using System.Text;
using System.Text.Json;

namespace Decision.Cli.Import.Reading;

/// <summary>A key's text as Tyk makes it: base64 of an object with organisation and id, or organisation and id one behind the other.</summary>
/// <param name="Organization">The organisation; empty = none is in it.</param>
/// <param name="Id">The key's own part.</param>
internal sealed record TykToken(string Organization, string Id)
{
    private const int IdLength = 32;
    private const int OrganizationLength = 24;

    /// <summary>A name that a person chose: at Tyk it is a key with and without its organisation.</summary>
    public bool IsNamed => !(Id.Length == IdLength && IsHex(Id));

    /// <summary>Reads a text.</summary>
    public static TykToken Read(string text)
    {
        if (text.StartsWith("eyJ", StringComparison.Ordinal) && OfJson(text) is { } token)
        {
            return token;
        }

        return text.Length == IdLength && IsHex(text) ? new TykToken("", text)
            : text.Length > OrganizationLength && IsHex(text.AsSpan(0, OrganizationLength))
            ? new TykToken(text[..OrganizationLength], text[OrganizationLength..])
            : new TykToken("", text);
    }

    /// <summary>Whether a text is one of Tyk's hashes: murmur32, murmur64, murmur128 or SHA-256.</summary>
    public static bool LooksLikeHash(string text) => HashName(text) is not null;

    /// <summary>The hash that a text is one of, by its length; null = none.</summary>
    /// <remarks>A key that Tyk made for no organisation has the form of murmur128: 32 hexadecimal digits; in an export it is a key's text.</remarks>
    public static string? HashName(string text) => IsHex(text) && text.All(static digit => !char.IsAsciiLetterUpper(digit))
        ? text.Length switch
        {
            8 => "murmur32",
            16 => "murmur64",
            64 => "SHA-256",
            _ => null,
        }
        : null;

    private static TykToken? OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(text)));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id)
                ? new TykToken(document.RootElement.TryGetProperty("org", out var org) ? org.ToString() : "", id.ToString())
                : null;
        }
        catch (Exception none) when (none is FormatException or JsonException)
        {
            return null;
        }
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }
}
