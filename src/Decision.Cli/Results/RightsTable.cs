using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Results;

/// <summary>Access rights for people.</summary>
internal static class RightsTable
{
    public static void Write(IAnsiConsole console, IDictionary<string, AccessRight> rights)
    {
        if (rights.Count == 0)
        {
            console.WriteLine("grants no API by itself");
            return;
        }

        var table = Tables.Create("API", "NAME", "VERSIONS", "PATHS", "RATE", "QUOTA");
        foreach (var (api, right) in rights.OrderBy(right => right.Key, StringComparer.Ordinal))
        {
            var limit = right.Limit ?? new LimitBlock();
            table.Row(
                api,
                right.ApiName,
                right.Versions.Count == 0 ? "-" : string.Join(',', right.Versions),
                right.AllowedUrls.Count == 0 ? "all" : string.Join('\n', right.AllowedUrls.Select(url => $"{string.Join(',', url.Methods)} {url.Url}")),
                LimitText.Rate(limit.Rate, limit.Per),
                LimitText.Quota(limit.QuotaMax, limit.QuotaRenewalRate, limit.QuotaPeriod));
        }

        console.WriteTable(table);
    }
}
