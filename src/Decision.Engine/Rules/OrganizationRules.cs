using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Organizations;

namespace Decision.Engine.Rules;

/// <summary>The rules of an organisation's values.</summary>
public static class OrganizationRules
{
    /// <summary>Checks an organisation, whether it came as JSON, by gRPC or out of a store.</summary>
    /// <param name="organization">The organisation.</param>
    /// <param name="findings">Receives every error and warning, with the field's path and what to write instead.</param>
    /// <param name="subjectPrefix">Stands before <c>organisation acme</c> in findings.</param>
    public static void Check(Organization organization, FindingList findings, string subjectPrefix = "")
    {
        var scope = new FindingScope(Subjects.Organization(organization.Id, subjectPrefix), findings);
        ValueRules.Id(scope, "organization_id", organization.Id, mayBeEmpty: true);
        ValueRules.Name(scope, "name", organization.Name);
        LimitRules.CheckRate(scope, "", organization.Rate);
        LimitRules.CheckQuota(scope, "", organization.Quota);
        ValueRules.Integer(scope, "key_default_expiry", organization.KeyDefaultExpiry, RuleNumbers.LongestSeconds, "never");
        ValueRules.Free(scope, "meta_data", organization.Metadata);
        ValueRules.Free(scope, "", organization.ExtraFields);
    }
}
