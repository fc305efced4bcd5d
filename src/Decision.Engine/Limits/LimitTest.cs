namespace Decision.Engine.Limits;

/// <summary>What a limit says about one cost at one moment. Testing spends nothing.</summary>
/// <param name="Refused">Whether the cost does not fit. A cost of 0 always fits.</param>
/// <param name="Used">Units in use: after the cost if it fits, as they are if it is refused. Above the limit where the limit was
/// lowered.</param>
/// <param name="Remaining">Units still available, counted like <paramref name="Used"/>; never below 0.</param>
/// <param name="ResetUs">Microseconds until all of the limit is available again if nothing else is spent; 0 = now, -1 = never.</param>
/// <param name="RetryUs">
/// When refused, microseconds until this cost fits if nothing else is spent; -1 = never, as the cost is above the whole limit or a
/// used-up quota never renews. 0 when not refused.
/// </param>
public readonly record struct LimitTest(bool Refused, long Used, long Remaining, long ResetUs, long RetryUs)
{
    /// <value>The <see cref="ResetUs"/> and <see cref="RetryUs"/> of what never happens.</value>
    public const long Never = -1;
}
