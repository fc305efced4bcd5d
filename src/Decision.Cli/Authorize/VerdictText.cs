using System.Globalization;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace Decision.Cli.Authorize;

/// <summary>Verdicts for people.</summary>
internal static class VerdictText
{
    private const string Prefix = "REASON_";

    /// <summary>A reason without its prefix: <c>RATE_LIMITED</c>; one that this tool does not know by its number.</summary>
    public static string Reason(Reason reason)
    {
        var known = AuthorizeReflection.Descriptor.EnumTypes.Single(type => type.ClrType == typeof(Reason)).FindValueByNumber((int)reason);
        return known?.Name[Prefix.Length..] ?? ((int)reason).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary><c>allowed</c>, or <c>refused: RATE_LIMITED (429)</c> with what decided it.</summary>
    public static void Headline(IAnsiConsole console, AuthorizeResponse verdict, string allowed, string refused)
    {
        console.Write(verdict.Allowed
            ? new Text(allowed, new Style(Color.Green, decoration: Decoration.Bold))
            : new Text($"{refused}: {Reason(verdict.Reason)} ({verdict.HttpStatus})", new Style(Color.Red, decoration: Decoration.Bold)));
        console.WriteLine();
        if (verdict.ShadowedReason != Contracts.V1.Reason.Unspecified)
        {
            console.WriteLine($"Only in shadow mode: {Reason(verdict.ShadowedReason)} would have refused it.");
        }
    }

    public static void Show(IAnsiConsole console, AuthorizeResponse verdict)
    {
        Headline(console, verdict, "allowed", "refused");
        console.Write(Tables.Fields(
            ("message", verdict.Message),
            ("decided by", verdict.Origin),
            ("try again", verdict.RetryAfter is { } wait ? $"in {DurationText.Write(Rounded(wait))}" : ""),
            ("key id", verdict.KeyId),
            ("alias", verdict.Alias),
            ("organisation", verdict.OrganizationId),
            ("policies", string.Join(", ", verdict.Policies.Select(policy => policy.Id))),
            ("left out", string.Join(", ", verdict.MissingPolicies)),
            ("tags", string.Join(", ", verdict.Tags)),
            ("degraded", verdict.Degraded ? "the counter store failed: less exact than usual" : ""),
            ("decision", verdict.DecisionId)));
        if (verdict.Limits.Count == 0)
        {
            return;
        }

        console.WriteLine();
        var table = Tables.Create("LIMIT", "COUNTED ON", "LEFT", "WHOLE AGAIN", "");
        foreach (var limit in verdict.Limits)
        {
            table.Row(
                LimitText.InForce(limit.Name, limit.Limit, limit.Period, limit.QuotaPeriod),
                limit.Scope,
                LimitText.Units(limit.Remaining),
                limit.ResetAfter is { } reset ? $"in {DurationText.Write(Rounded(reset))}" : "",
                limit.Denied ? "refuses" : "");
        }

        console.WriteTable(table);
    }

    /// <summary>To a tenth of a second, up: nobody reads more.</summary>
    private static TimeSpan Rounded(Duration duration) => TimeSpan.FromSeconds(Math.Ceiling(duration.ToTimeSpan().TotalSeconds * 10) / 10);
}
