namespace Decision.Client.Memory;

/// <summary>A denial that still holds.</summary>
/// <param name="verdict">As the service gave it.</param>
/// <param name="askedAt">The timestamp of the question: from here on it is remembered, so that it ends before the limit is free again.</param>
/// <param name="answeredAt">The timestamp of the answer: from here on its durations are counted down, so that nobody comes too early.</param>
/// <param name="life">How long it is remembered.</param>
internal sealed class RememberedDenial(Verdict verdict, long askedAt, long answeredAt, TimeSpan life)
{
    public bool IsOver(TimeProvider time) => time.GetElapsedTime(askedAt) >= life;

    public Verdict At(TimeProvider time)
    {
        var passed = time.GetElapsedTime(answeredAt);
        return verdict with
        {
            IsRemembered = true,
            RetryAfter = Less(verdict.RetryAfter, passed),
            Limits = [.. verdict.Limits.Select(limit => limit with { ResetAfter = Less(limit.ResetAfter, passed) })],
        };
    }

    private static TimeSpan? Less(TimeSpan? duration, TimeSpan passed) =>
        duration is not { } left ? null : left > passed ? left - passed : TimeSpan.Zero;
}
