using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Counters;

/// <summary>What is spent of a spending, and what its outcomes say.</summary>
internal static class Settlement
{
    /// <summary>Tests all charges, and spends the enforced ones and the shadows each together or not at all. To be called under the locks of the subjects.</summary>
    public static void Settle(
        in Spending spending, in ChargedSubjects subjects, long nowUs, ref ChargeOutcomes outcomes, EmbeddedCounterStore store)
    {
        ChargeList charges = spending.Charges;
        PerCharge<Counter?> found = default;
        bool enforcedFit = true;
        bool shadowsFit = true;
        for (int i = 0; i < charges.Count; i++)
        {
            Charge charge = charges[i];
            Counter? counter = subjects[i].Find(charge.Counter);
            found[i] = counter;
            LimitTest test = counter is null
                ? Counter.TestUnused(charge, spending.CostOf(i), nowUs)
                : counter.Test(charge, spending.CostOf(i), nowUs);
            outcomes[i] = test;
            if (charge.IsShadow)
            {
                shadowsFit &= !test.Refused;
            }
            else
            {
                enforcedFit &= !test.Refused;
            }
        }

        for (int i = 0; i < charges.Count; i++)
        {
            Charge charge = charges[i];
            if (enforcedFit && !spending.IsPeek && (!charge.IsShadow || shadowsFit))
            {
                Counter counter = found[i] ?? subjects[i].Add(charge.Counter);
                counter.Spend(charge, spending.CostOf(i), nowUs);
                if (!counter.IsBrief)
                {
                    store.List(subjects[i]);
                }
            }
            else if (!outcomes[i].Refused)
            {
                // It would fit, but nothing is spent: the numbers are told as they are.
                outcomes[i] = found[i] is { } counter ? counter.Test(charge, 0, nowUs) : Counter.TestUnused(charge, 0, nowUs);
            }
        }
    }
}
