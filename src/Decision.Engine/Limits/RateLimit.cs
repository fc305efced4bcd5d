namespace Decision.Engine.Limits;
public sealed record RateLimit(RateAlgorithm Algorithm, long Max, long PeriodUs, long Burst);
