using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Leases;

/// <summary>
/// What the store refused a moment ago: until what is used leaves the window it would refuse the same again, so that a flood of refused requests
/// need not ask each time.
/// </summary>
/// <param name="spending">What was refused.</param>
/// <param name="outcomes">What the store said.</param>
/// <param name="toldAt">The monotonic timestamp of the answer.</param>
/// <param name="endsAt">When to ask again.</param>
internal sealed class Refusal(in Spending spending, in ChargeOutcomes outcomes, long toldAt, long endsAt)
{
    private readonly ChargeList _charges = spending.Charges;
    private readonly long[] _costs = CostsOf(in spending);
    private readonly ChargeOutcomes _outcomes = outcomes;

    /// <summary>Answers the same charges at the same or a higher cost.</summary>
    public bool TryAnswer(in Spending spending, long now, TimeProvider time, out ChargeOutcomes outcomes)
    {
        outcomes = default;
        if (now >= endsAt || spending.Charges.Count != _charges.Count)
        {
            return false;
        }

        ChargeList charges = spending.Charges;
        for (int i = 0; i < charges.Count; i++)
        {
            if (!ReferenceEquals(charges[i], _charges[i]) || spending.CostOf(i) < _costs[i])
            {
                return false;
            }
        }

        long elapsedUs = (long)time.GetElapsedTime(toldAt, now).TotalMicroseconds;
        for (int i = 0; i < charges.Count; i++)
        {
            LimitTest told = _outcomes[i];
            outcomes[i] = told with { ResetUs = Later(told.ResetUs, elapsedUs), RetryUs = Later(told.RetryUs, elapsedUs) };
        }

        return true;
    }

    // 0 and "never" stay what they are.
    private static long Later(long us, long elapsedUs) => us <= 0 ? us : Math.Max(1, us - elapsedUs);

    private static long[] CostsOf(in Spending spending)
    {
        long[] costs = new long[spending.Charges.Count];
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = spending.CostOf(i);
        }

        return costs;
    }
}
