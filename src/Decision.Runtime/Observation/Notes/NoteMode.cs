namespace Decision.Runtime.Observation.Notes;

/// <summary>Which decisions the log has.</summary>
public enum NoteMode : byte
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Those that refused.</summary>
    Refused,

    /// <summary>Those that refused, and one in a number of the others.</summary>
    Sampled,
}
