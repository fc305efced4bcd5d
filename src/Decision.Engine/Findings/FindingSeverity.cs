namespace Decision.Engine.Findings;

/// <summary>Whether a finding refuses what it is about.</summary>
public enum FindingSeverity : byte
{
    /// <summary>Stored and used, but probably not what was meant.</summary>
    Warning = 0,

    /// <summary>Refused.</summary>
    Error = 1,
}
