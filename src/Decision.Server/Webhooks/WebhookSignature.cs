using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Server.Webhooks;

/// <summary>
/// The header by which a receiver knows that an event is from here: <c>t=SECONDS,v1=HEX</c>, where HEX is the HMAC-SHA256 of <c>SECONDS.BODY</c> under
/// <c>Events:Webhook:Secret</c>. The time is in it so that an old one cannot be sent again.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "X-Decision-Signature";

    public static string Of(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        string seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
