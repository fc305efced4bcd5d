namespace Decision.Storage.Redis.Counters;

/// <summary>A charge that was spent in one of several calls, with what giving it back needs.</summary>
/// <param name="AtUs">When, in microseconds since the Unix epoch.</param>
/// <param name="States">What its counter held before and after, as decide.lua tells it.</param>
internal sealed record CountedSpend(long AtUs, byte[] States);
