using System.Collections.Immutable;
using System.Globalization;
using Decision.Server.Configuration;

namespace Decision.Server.Webhooks;

/// <summary>Reads the section <c>Events</c>.</summary>
internal static class WebhookSettingsReader
{
    private const int ShortestSecret = 16;
    private const string Address = "Events:Webhook:Address";
    private const string Secret = "Events:Webhook:Secret";
    private const string Timeout = "Events:Webhook:Timeout";
    private const string Thresholds = "Events:QuotaThresholds";

    private static readonly string[] Others = [Secret, Timeout];

    /// <summary>The server's thresholds, in percent.</summary>
    public static ImmutableArray<double> ReadThresholds(SettingsReader reader)
    {
        var thresholds = ImmutableArray.CreateBuilder<double>();
        foreach (string text in reader.List(Thresholds) ?? [])
        {
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= 100)
            {
                thresholds.Add(percent);
            }
            else
            {
                reader.Wrong(Thresholds, text, "write percentages of a quota, above 0 and up to 100, as 80, 100");
            }
        }

        return [.. thresholds.Distinct().Order()];
    }

    /// <summary>The receiver; null = none.</summary>
    public static WebhookSettings? Read(SettingsReader reader)
    {
        string? address = reader.Text(Address);
        string? secret = reader.Text(Secret);
        var timeout = reader.Duration(Timeout, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100));
        if (address is null)
        {
            foreach (string unused in Others.Where(name => reader.Text(name) is not null))
            {
                reader.Problems.Add($"{unused} is only read where {Address} is set: write that too, or remove this.");
            }

            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
        {
            reader.Wrong(Address, address, "write the receiver's address, as https://example.com/hooks/decision, without a name or password in it");
            return null;
        }

        if (secret is null || secret.Length < ShortestSecret)
        {
            reader.Problems.Add($"{Secret} has {secret?.Length ?? 0} characters: write {ShortestSecret} or more random ones, which the receiver knows too.");
            return null;
        }

        return new WebhookSettings(uri, secret, timeout);
    }
}
