using System.Globalization;

namespace Decision.Engine.Tests.Cases;

/// <summary>Compares a verdict with what a case expects.</summary>
internal static class VerdictCheck
{
    public static void Run(ExpectedVerdict expected, in Verdict verdict, CaseOptions options, string at, bool isLast, Differences differences)
    {
        differences.Compare($"{at} allowed", (bool?)expected.Allowed, verdict.IsAllowed);
        differences.Compare($"{at} reason", expected.Reason ?? (expected.Allowed ? "ALLOWED" : null), MergeText.Reason(verdict.Reason));
        differences.Compare($"{at} status", expected.Status, ReasonTable.HttpStatus(verdict.Reason, options.QuotaExceededStatus));
        differences.Compare($"{at} message", expected.Message, ReasonTable.Message(verdict.Reason));
        differences.Compare($"{at} origin", expected.Origin ?? (expected.Allowed ? "" : null), verdict.Origin);
        differences.Compare($"{at} api", expected.Api, verdict.Api?.Api.Id ?? "");
        differences.Compare(
            $"{at} shadowed", expected.Shadowed ?? "UNSPECIFIED", MergeText.Reason(verdict.ShadowedReason));

        // In a repeated request the numbers change with each turn: the last one's are compared.
        if (!isLast)
        {
            return;
        }

        differences.Compare(
            $"{at} retry_after",
            expected.RetryAfter ?? (expected.Allowed ? "none" : null),
            verdict.RetryAfterUs == 0 ? "none" : CaseTime.Format(verdict.RetryAfterUs));
        if (expected.Limits is { } limits)
        {
            CompareLimits(limits, verdict, at, differences);
        }
    }

    private static void CompareLimits(List<ExpectedLimit> expected, in Verdict verdict, string at, Differences differences)
    {
        differences.Compare($"{at} number of limits", (int?)expected.Count, verdict.Charges.Count);
        for (int index = 0; index < Math.Min(expected.Count, verdict.Charges.Count); index++)
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"{at} limits[{index}]");
            var (limit, charge, outcome) = (expected[index], verdict.Charges[index], verdict.Outcomes[index]);
            differences.Compare($"{where} name", limit.Name, charge.Name);
            differences.Compare($"{where} scope", limit.Scope, charge.Scope);
            differences.Compare($"{where} origin", limit.Origin, charge.Origin.Name);
            differences.Compare($"{where} limit", limit.Limit, charge.Max);
            differences.Compare($"{where} used", limit.Used, outcome.Used);
            differences.Compare($"{where} remaining", limit.Remaining, outcome.Remaining);
            differences.Compare($"{where} reset", limit.Reset, CaseTime.Format(outcome.ResetUs));
            differences.Compare($"{where} refused", limit.Refused, outcome.Refused);
        }
    }
}
