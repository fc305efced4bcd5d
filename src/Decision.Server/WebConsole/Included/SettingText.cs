using System.Text.RegularExpressions;

namespace Decision.Server.WebConsole;

/// <summary>A setting as a page shows it: its default told, and nothing secret in it.</summary>
internal static partial class SettingText
{
    private const string Masked = "***";
    private const string Default = "default ";
    private const string DefaultIs = "default: ";
    private const string IsDefault = " (default)";

    private static readonly HashSet<string> Secrets = new(
        ["Admin:Secret", "Secrets:Key", "Redis:SentinelPassword", "Events:Webhook:Secret"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The default, as the purpose tells it; empty = it tells none.</summary>
    public static string DefaultOf(string purpose)
    {
        if (purpose.IndexOf(IsDefault, StringComparison.Ordinal) is >= 0 and var end)
        {
            return purpose[(purpose.LastIndexOf(' ', end - 1) + 1)..end];
        }

        string[] clauses = purpose.Split("; ");
        return clauses.FirstOrDefault(clause => clause.StartsWith(Default, StringComparison.Ordinal)) is { } plain ? plain[Default.Length..]
            : purpose.IndexOf(DefaultIs, StringComparison.Ordinal) is >= 0 and var at ? purpose[(at + DefaultIs.Length)..].Split("; ")[0]
            : "";
    }

    /// <summary>What was set, without what nobody may see.</summary>
    public static string Mask(string name, string value) =>
        value.Length == 0 ? ""
        : Secrets.Contains(name) ? Masked
        : name.Equals("Telemetry:Headers", StringComparison.OrdinalIgnoreCase) ? HeaderValue().Replace(value, "=" + Masked)
        : name.Equals("Redis:Configuration", StringComparison.OrdinalIgnoreCase) ? Password().Replace(value, "$1" + Masked)
        : name.EndsWith(":Address", StringComparison.OrdinalIgnoreCase) || name.EndsWith(":Endpoint", StringComparison.OrdinalIgnoreCase) ? MaskAddress(value)
        : value;

    // An address has no name and password in it (the settings' readers refuse that); its path or query is often a token.
    private static string MaskAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.PathAndQuery.Length > 1 ? $"{address.Scheme}://{address.Authority}/{Masked}" : value;

    [GeneratedRegex(@"=[^,]*")]
    private static partial Regex HeaderValue();

    [GeneratedRegex(@"(password\s*=\s*)[^,]*", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
