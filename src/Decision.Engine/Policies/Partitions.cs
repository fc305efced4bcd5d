namespace Decision.Engine.Policies;

/// <summary>Which groups a policy covers. No flag at all = every group.</summary>
public readonly record struct Partitions(bool Quota, bool RateLimit, bool Acl, bool Complexity, bool PerApi)
{
    /// <summary>True when one of the four groups is named.</summary>
    public bool IsPartitioned => Quota || RateLimit || Acl || Complexity;

    /// <summary>Covers access: APIs, versions, urls, type lists, addresses.</summary>
    public bool CoversAcl => Acl || !IsPartitioned;

    /// <summary>Covers rates and endpoint limits.</summary>
    public bool CoversRate => RateLimit || !IsPartitioned;

    /// <summary>Covers the quota.</summary>
    public bool CoversQuota => Quota || !IsPartitioned;

    /// <summary>Covers the query depth.</summary>
    public bool CoversComplexity => Complexity || !IsPartitioned;
}
