namespace Decision.Runtime.Observation.Usage;

/// <summary>Whose use is counted.</summary>
public enum UsageKind : byte
{
    /// <summary>A key's.</summary>
    Key = 1,

    /// <summary>That of all keys with a policy.</summary>
    Policy = 2,

    /// <summary>An API's.</summary>
    Api = 3,
}
