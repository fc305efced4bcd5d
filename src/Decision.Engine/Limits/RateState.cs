namespace Decision.Engine.Limits;

/// <summary>
/// What a rate counter has recorded, for any algorithm. The default value has nothing recorded. It remembers the terms it was recorded
/// under, so that a later test under other terms can take over what still counts. A sliding log of more than one entry is held by
/// reference: a copy shares it, so a state has one owner.
/// </summary>
public struct RateState
{
    /// <summary>The period recorded under; 0 = nothing recorded.</summary>
    internal long PeriodUs;

    /// <summary>The newest stamp: no later test or spend is before it.</summary>
    internal long NewestUs;

    /// <summary>Sliding log: the first stamp of the newest entry. Token bucket: whole microseconds of the moment when it is full again.
    /// Windows: start of the current one.</summary>
    internal long MarkUs;

    /// <summary>The maximum recorded under.</summary>
    internal uint Max;

    /// <summary>Sliding log without <see cref="Log"/>: units of its only entry. Token bucket: what <see cref="MarkUs"/> lacks, in 1/Max
    /// of a microsecond. Windows: units in the current one.</summary>
    internal uint Count;

    /// <summary>Sliding window: units in the window before.</summary>
    internal uint Previous;

    /// <summary>The algorithm recorded under.</summary>
    internal RateAlgorithm Kind;

    /// <summary>Sliding log: its entries, once there was more than one.</summary>
    internal EntryLog? Log;

    /// <value>Whether nothing is recorded.</value>
    public readonly bool IsEmpty => PeriodUs == 0;

    /// <value>The newest recorded moment, in microseconds since the Unix epoch; 0 if nothing is recorded.</value>
    public readonly long RecordedUs => NewestUs;
}
