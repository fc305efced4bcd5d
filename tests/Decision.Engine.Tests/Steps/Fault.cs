namespace Decision.Engine.Tests.Steps;

/// <summary>What can be wrong with a request, in the order in which it must be told.</summary>
public enum Fault
{
    Mapping,
    Key,
    Signature,
    Policies,
    Organization,
    Inactive,
    Expired,
    Api,
    Version,
    Path,
    Depth,
    Address,
    OrganizationRate,
    OrganizationQuota,
    ApiRate,
    KeyRate,
    KeyQuota,
}
