using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Keys;

/// <summary>Words for keys.</summary>
internal static class KeyText
{
    /// <summary><c>active</c>, <c>inactive</c> or <c>expired</c>.</summary>
    public static string State(Key key, TimeProvider time) =>
        key.IsInactive ? "inactive" : key.Expires > 0 && key.Expires <= time.GetUtcNow().ToUnixTimeSeconds() ? "expired" : "active";

    /// <summary>A key with everything that is set on it.</summary>
    public static void Show(IAnsiConsole console, Key key, TimeProvider time)
    {
        console.Write(Tables.Fields(
            ("key id", key.KeyId),
            ("alias", key.Alias),
            ("organisation", key.OrgId),
            ("state", State(key, time)),
            ("expires", TimeText.Expiry(key.Expires, time)),
            ("policies", string.Join(", ", key.ApplyPolicies)),
            ("rate", LimitText.Rate(key.Rate, key.Per)),
            ("quota", LimitText.Quota(key.QuotaMax, key.QuotaRenewalRate, key.QuotaPeriod)),
            ("tags", string.Join(", ", key.Tags)),
            ("addresses", string.Join(", ", key.AllowedIps)),
            ("metadata", key.MetaData is { } metadata ? JsonText.WriteLine(ProtoJson.Of(metadata)) : ""),
            ("signed", key.HmacEnabled || key.EnableHttpSignatureValidation ? "requests must be signed" : ""),
            ("enforcement", key.Enforcement),
            ("made", TimeText.Write(key.DateCreated)),
            ("secrets", Secrets(key, time)),
            ("etag", key.Etag)));
        if (key.AccessRights.Count > 0)
        {
            console.WriteLine();
            RightsTable.Write(console, key.AccessRights);
        }
    }

    private static string Secrets(Key key, TimeProvider time) => string.Join(
        '\n',
        key.KeyHashes.Select(hash => hash.ValidUntil is { } until
            ? $"accepted until {TimeText.Write(until)} ({TimeText.FromNow(until, time)})"
            : "accepted"));
}
