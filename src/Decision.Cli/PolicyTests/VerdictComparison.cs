using System.Globalization;
using System.Text.Json;
using Decision.Cli.Sources;
using Decision.Engine;

namespace Decision.Cli.PolicyTests;

/// <summary>Compares a verdict with what is stated of it; what is not stated is not compared.</summary>
internal static class VerdictComparison
{
    /// <summary>Everything that differs.</summary>
    /// <param name="expected">What is stated.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="quotaExceededStatus">The status of a used-up quota.</param>
    /// <param name="isLast">In a repeated request numbers change with each turn: only those of the last one are compared.</param>
    public static IReadOnlyList<Difference> Compare(ExpectedVerdict expected, in Verdict verdict, int quotaExceededStatus, bool isLast)
    {
        var differences = new List<Difference>();
        var merged = verdict.Grant?.Merged;
        Compare(differences, "allowed", Word(expected.Allowed), Word(verdict.IsAllowed)!);
        Compare(differences, "reason", expected.Reason, verdict.Reason.ToName());
        Compare(differences, "status", Number(expected.Status), Number(ReasonTable.HttpStatus(verdict.Reason, quotaExceededStatus))!);
        Compare(differences, "message", expected.Message, ReasonTable.Message(verdict.Reason));
        Compare(differences, "origin", expected.Origin, verdict.Origin ?? "");
        Compare(differences, "api", expected.Api, verdict.Api?.Api.Id ?? "");
        Compare(differences, "degraded", Word(expected.Degraded), Word(verdict.IsDegraded)!);
        Compare(
            differences,
            "shadowed_reason",
            expected.ShadowedReason,
            verdict.ShadowedReason == Reason.Unspecified ? "none" : verdict.ShadowedReason.ToName());
        CompareSets(differences, "policies", expected.Policies, merged?.Policies.Select(static entry => entry.Policy.Id));
        CompareSets(differences, "missing_policies", expected.MissingPolicies, merged?.MissingPolicies.Select(static missing => missing.PolicyId));
        CompareSets(differences, "tags", expected.Tags, merged?.Tags);
        CompareMetadata(differences, expected.Metadata, verdict);
        if (isLast)
        {
            Compare(differences, "retry_after", expected.RetryAfter, verdict.RetryAfterUs == 0 ? "none" : Moments.Format(verdict.RetryAfterUs));
            CompareLimits(differences, expected, verdict);
        }

        return differences;
    }

    private static void CompareLimits(List<Difference> differences, ExpectedVerdict expected, in Verdict verdict)
    {
        Compare(differences, "remaining.rate", expected.RemainingRate, RemainingOf(verdict, "rate"));
        Compare(differences, "remaining.quota", expected.RemainingQuota, RemainingOf(verdict, "quota"));
        for (int index = 0; index < expected.Limits.Count; index++)
        {
            var limit = expected.Limits[index];
            string path = string.Create(CultureInfo.InvariantCulture, $"limits[{index}]");
            if (PlaceOf(limit, verdict) is not (>= 0 and var place))
            {
                differences.Add(new Difference(path, Sought(limit), Asked(verdict)));
                continue;
            }

            var (charge, outcome) = (verdict.Charges[place], verdict.Outcomes[place]);
            Compare(differences, path + ".limit", Number(limit.Limit), Number(charge.Max)!);
            Compare(differences, path + ".used", Number(limit.Used), Number(outcome.Used)!);
            Compare(differences, path + ".remaining", Number(limit.Remaining), Number(outcome.Remaining)!);
            Compare(differences, path + ".reset_after", limit.ResetAfter, Moments.Format(outcome.ResetUs));
            Compare(differences, path + ".denied", Word(limit.Denied), Word(outcome.Refused)!);
        }
    }

    // The key's own, which comes after the organisation's and the API's.
    private static string RemainingOf(in Verdict verdict, string name)
    {
        for (int index = verdict.Charges.Count - 1; index >= 0; index--)
        {
            var charge = verdict.Charges[index];
            if (charge.Name == name && charge.Scope != "organization" && !charge.Scope.StartsWith("api_wide:", StringComparison.Ordinal))
            {
                return Number(verdict.Outcomes[index].Remaining)!;
            }
        }

        return verdict.IsAllowed || verdict.Charges.Count > 0 ? "unlimited" : "not asked";
    }

    private static int PlaceOf(ExpectedLimit limit, in Verdict verdict)
    {
        for (int index = 0; index < verdict.Charges.Count; index++)
        {
            var charge = verdict.Charges[index];
            if (charge.Name == limit.Name
                && (limit.Scope is null || charge.Scope == limit.Scope)
                && (limit.Origin is null || charge.Origin.Name == limit.Origin))
            {
                return index;
            }
        }

        return -1;
    }

    private static string Sought(ExpectedLimit limit) =>
        limit.Name + (limit.Scope is null ? "" : $" counted on {limit.Scope}") + (limit.Origin is null ? "" : $" of {limit.Origin}");

    private static string Asked(in Verdict verdict)
    {
        var limits = new List<string>();
        for (int index = 0; index < verdict.Charges.Count; index++)
        {
            var charge = verdict.Charges[index];
            limits.Add($"{charge.Name} counted on {charge.Scope} of {charge.Origin.Name}");
        }

        return limits.Count == 0 ? "no limit was asked" : string.Join("; ", limits);
    }

    private static void CompareMetadata(List<Difference> differences, SourceNode? expected, in Verdict verdict)
    {
        foreach (var (name, _, _, value) in expected?.Entries ?? [])
        {
            string got = verdict.Grant?.Merged.Metadata.TryGetValue(name, out var found) == true ? found.GetRawText() : "nothing";
            var wanted = value.ToJson();
            if (got == "nothing" || !JsonElement.DeepEquals(wanted, verdict.Grant!.Merged.Metadata[name]))
            {
                differences.Add(new Difference("metadata." + name, wanted.GetRawText(), got));
            }
        }
    }

    private static void CompareSets(List<Difference> differences, string field, IReadOnlyList<string>? expected, IEnumerable<string>? got)
    {
        if (expected is not null)
        {
            Compare(differences, field, Text(expected), Text(got ?? []));
        }
    }

    private static string Text(IEnumerable<string> values) => $"[{string.Join(", ", values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}]";

    private static void Compare(List<Difference> differences, string field, string? expected, string got)
    {
        if (expected is not null && expected != got)
        {
            differences.Add(new Difference(field, expected, got));
        }
    }

    private static string? Word(bool? value) => value switch
    {
        true => "true",
        false => "false",
        _ => null,
    };

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
