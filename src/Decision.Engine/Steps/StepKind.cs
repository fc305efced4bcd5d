namespace Decision.Engine.Steps;

/// <summary>The steps of a decision before the counters. Their order stands in <see cref="DecisionEngine.Order"/>.</summary>
public enum StepKind : byte
{
    /// <summary>The request is mapped to an API.</summary>
    Mapping,

    /// <summary>The key is presented and known.</summary>
    Key,

    /// <summary>A signature, where the key demands one.</summary>
    Signature,

    /// <summary>The key's policies can be applied, and everything is of one organisation.</summary>
    Policies,

    /// <summary>Key, policies and organisation are switched on.</summary>
    Active,

    /// <summary>The key's time is not over.</summary>
    Expiry,

    /// <summary>The API is granted.</summary>
    Api,

    /// <summary>The version is granted.</summary>
    Version,

    /// <summary>Path and method are granted.</summary>
    Path,

    /// <summary>The query is not too deep.</summary>
    Depth,

    /// <summary>The client's address is allowed.</summary>
    Address,
}
