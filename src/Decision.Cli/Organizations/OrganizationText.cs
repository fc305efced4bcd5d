using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Organizations;

/// <summary>Words for organisations.</summary>
internal static class OrganizationText
{
    public static void Show(IAnsiConsole console, Organization one) => console.Write(Tables.Fields(
        ("id", one.OrganizationId),
        ("name", one.Name),
        ("state", one.IsInactive ? "inactive" : "active"),
        ("rate of all keys", LimitText.Rate(one.Rate, one.Per)),
        ("rate algorithm", one.RateAlgorithm),
        ("quota of all keys", LimitText.Quota(one.QuotaMax, one.QuotaRenewalRate, one.QuotaPeriod)),
        ("new keys expire", one.KeyDefaultExpiry is { } expiry ? expiry.Seconds == 0 ? "never" : $"after {DurationText.Write(expiry.ToTimeSpan())}" : ""),
        ("metadata", one.MetaData is { } metadata ? JsonText.WriteLine(ProtoJson.Of(metadata)) : ""),
        ("revision", LimitText.Units(one.Revision)),
        ("etag", one.Etag)));
}
