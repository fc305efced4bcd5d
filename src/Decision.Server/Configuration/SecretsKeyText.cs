using System.Text;

namespace Decision.Server.Configuration;

/// <summary>The secrets key as text.</summary>
internal static class SecretsKeyText
{
    /// <summary>The bytes of base64 that stands for 16 bytes or more; any other text counts as its UTF-8 bytes.</summary>
    public static byte[] Decode(string text)
    {
        byte[] decoded = new byte[text.Length];
        return Convert.TryFromBase64String(text, decoded, out int length) && length >= Engine.Credentials.SecretsKey.MinimumLength
            ? decoded[..length]
            : Encoding.UTF8.GetBytes(text);
    }
}
