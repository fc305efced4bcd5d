namespace Decision.Engine.Limits;
public readonly record struct LimitTest(bool Refused, long Used, long Remaining, long ResetUs, long RetryUs);
