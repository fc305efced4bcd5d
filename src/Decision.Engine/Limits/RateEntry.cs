namespace Decision.Engine.Limits;

/// <summary>One entry of a sliding log.</summary>
/// <param name="StampUs">When the newest of its units was spent, in microseconds since the Unix epoch.</param>
/// <param name="Units">Units spent.</param>
public readonly record struct RateEntry(long StampUs, uint Units);
