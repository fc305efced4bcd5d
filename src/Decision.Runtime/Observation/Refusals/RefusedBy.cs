namespace Decision.Runtime.Observation.Refusals;

/// <summary>By what refusals are counted.</summary>
public enum RefusedBy : byte
{
    /// <summary>The key that was refused.</summary>
    Key = 0,

    /// <summary>The policy that decided it.</summary>
    Policy = 1,

    /// <summary>The API that was asked for.</summary>
    Api = 2,
}
