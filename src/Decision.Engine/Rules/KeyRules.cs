using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Paths;

namespace Decision.Engine.Rules;

/// <summary>The rules of a key's values.</summary>
public static class KeyRules
{
    /// <summary>Checks a key, whether it came as JSON, by gRPC or out of a store.</summary>
    /// <param name="key">The key.</param>
    /// <param name="findings">Receives every error and warning, with the field's path and what to write instead.</param>
    /// <param name="subject">Names the key in findings; never its secret.</param>
    /// <param name="matching">How path patterns are read.</param>
    public static void Check(
        Key key, FindingList findings, string subject = "key", UrlMatching matching = UrlMatching.Segments)
    {
        var scope = new FindingScope(subject, findings);
        ValueRules.Id(scope, "org_id", key.OrganizationId, mayBeEmpty: true);
        ValueRules.Name(scope, "alias", key.Alias);
        ValueRules.Name(scope, "last_updated", key.LastUpdated);
        ValueRules.Name(scope, "hmac_string", key.HmacString);
        LimitRules.Check(scope, "", key.Limits);
        AccessRightRules.Check(scope, key.AccessRights, new PatternCheck(matching));
        CheckPolicies(scope, key);
        ValueRules.Tags(scope, key.Tags);
        ValueRules.Metadata(scope, key.Metadata);
        ValueRules.Integer(scope, "expires", key.Expires, LatestSeconds, "never");
        ValueRules.Integer(scope, "session_lifetime", key.SessionLifetime, RuleNumbers.LongestSeconds, "ever");
        ValueRules.PostExpiry(scope, key.PostExpiryAction, key.PostExpiryGracePeriod);
        ValueRules.AllowedIps(scope, key.AllowedIps);
        LimitRules.CheckBehavior(scope, key.Behavior);
        CheckMonitor(scope, key);
        ValueRules.Free(scope, "", key.ExtraFields);
        if (!JsonDate.IsInRange(key.DateCreatedUs))
        {
            scope.Error("date_created", $"{key.DateCreatedUs} microseconds is out of range: write a date of the years 1 to 9999.");
        }
    }

    // The last second of the year 9999: a later one is most likely a number of milliseconds.
    private const long LatestSeconds = 253_402_300_799;

    private static void CheckPolicies(FindingScope scope, Key key)
    {
        const string Field = "apply_policies";
        ValueRules.Count(scope, Field, key.ApplyPolicies.Length, RuleNumbers.MostEntries);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < Math.Min(key.ApplyPolicies.Length, RuleNumbers.MostEntries); index++)
        {
            var id = key.ApplyPolicies[index];
            ValueRules.Id(scope, $"{Field}[{index}]", id);
            if (!seen.Add(id))
            {
                scope.Warn($"{Field}[{index}]", $"{JsonText.Quote(id)} is there twice: remove one.");
            }
        }
    }

    private static void CheckMonitor(FindingScope scope, Key key)
    {
        const string Field = "monitor.trigger_limits";
        ValueRules.Count(scope, Field, key.MonitorTriggerLimits.Length, RuleNumbers.MostEntries);
        for (var index = 0; index < Math.Min(key.MonitorTriggerLimits.Length, RuleNumbers.MostEntries); index++)
        {
            var limit = key.MonitorTriggerLimits[index];
            if (!(limit is >= 0 and <= 100))
            {
                scope.Error($"{Field}[{index}]", $"{ValueRules.Format(limit)} is not a percentage: write 0 to 100.");
            }
        }
    }
}
