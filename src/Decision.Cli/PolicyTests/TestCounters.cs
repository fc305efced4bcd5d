using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Cli.PolicyTests;

/// <summary>
/// Counters on the engine's own limit maths, as the stores keep them: enforced charges are spent together or not at all; shadow charges
/// among themselves, and only where no enforced one refused.
/// </summary>
internal sealed class TestCounters
{
    private readonly Dictionary<CounterKey, Counter> _counters = [];

    /// <summary>Tests all charges, and spends them where none refuses.</summary>
    public ChargeOutcomes Spend(in ChargeList charges, long units, long nowUs)
    {
        var (enforced, shadow) = (false, false);
        for (int index = 0; index < charges.Count; index++)
        {
            bool isRefused = Test(charges[index], units, nowUs).Refused;
            enforced |= isRefused && !charges[index].IsShadow;
            shadow |= isRefused && charges[index].IsShadow;
        }

        var outcomes = default(ChargeOutcomes);
        for (int index = 0; index < charges.Count; index++)
        {
            var charge = charges[index];
            var tested = Test(charge, units, nowUs);
            bool spends = !enforced && !(charge.IsShadow && shadow);
            outcomes[index] = spends || tested.Refused ? tested : Test(charge, 0, nowUs);
            if (spends)
            {
                Spend(charge, units, nowUs);
            }
        }

        return outcomes;
    }

    private LimitTest Test(Charge charge, long units, long nowUs)
    {
        var counter = _counters.GetValueOrDefault(charge.Counter) ?? new Counter();
        return charge.Rate is { } rate
            ? RateMath.Test(rate, counter.Rate, units, nowUs)
            : QuotaMath.Test(charge.Quota!, counter.Quota, units, nowUs);
    }

    private void Spend(Charge charge, long units, long nowUs)
    {
        if (!_counters.TryGetValue(charge.Counter, out var counter))
        {
            _counters[charge.Counter] = counter = new Counter();
        }

        if (charge.Rate is { } rate)
        {
            RateMath.Spend(rate, ref counter.Rate, units, nowUs);
        }
        else
        {
            QuotaMath.Spend(charge.Quota!, ref counter.Quota, units, nowUs);
        }
    }

    private sealed class Counter
    {
        public RateState Rate;
        public QuotaState Quota;
    }
}
