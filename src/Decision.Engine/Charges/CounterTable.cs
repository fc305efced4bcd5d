using Decision.Engine.Limits;

namespace Decision.Engine.Charges;

/// <summary>
/// Counters as the stores keep them: enforced charges are spent together or not at all; shadow charges among themselves all or none, and
/// only where no enforced one refused. What was not spent shows what the counter holds without the cost. For deciding without a store, as
/// tests of policies do; not safe for concurrent use.
/// </summary>
public sealed class CounterTable
{
    private readonly Dictionary<CounterKey, Cell> _cells = [];

    /// <summary>How many counters hold something.</summary>
    public int Count => _cells.Count;

    /// <summary>Tests all charges, and spends their cost where none refuses.</summary>
    /// <param name="charges">The charges of one request.</param>
    /// <param name="cost">Units.</param>
    /// <param name="nowUs">The moment, in microseconds since the Unix epoch.</param>
    public ChargeOutcomes Spend(in ChargeList charges, long cost, long nowUs)
    {
        var (enforced, shadow) = (false, false);
        for (int index = 0; index < charges.Count; index++)
        {
            bool refused = Test(charges[index], cost, nowUs).Refused;
            enforced |= refused && !charges[index].IsShadow;
            shadow |= refused && charges[index].IsShadow;
        }

        var outcomes = default(ChargeOutcomes);
        for (int index = 0; index < charges.Count; index++)
        {
            var charge = charges[index];
            var tested = Test(charge, cost, nowUs);
            bool spends = !enforced && !(charge.IsShadow && shadow);
            outcomes[index] = spends || tested.Refused ? tested : Test(charge, 0, nowUs);
            if (spends)
            {
                Spend(charge, cost, nowUs);
            }
        }

        return outcomes;
    }

    private LimitTest Test(Charge charge, long cost, long nowUs)
    {
        var cell = _cells.GetValueOrDefault(charge.Counter) ?? new Cell();
        return charge.Rate is { } rate
            ? RateMath.Test(rate, cell.Rate, cost, nowUs)
            : QuotaMath.Test(charge.Quota!, cell.Quota, cost, nowUs);
    }

    private void Spend(Charge charge, long cost, long nowUs)
    {
        if (!_cells.TryGetValue(charge.Counter, out var cell))
        {
            _cells[charge.Counter] = cell = new Cell();
        }

        if (charge.Rate is { } rate)
        {
            RateMath.Spend(rate, ref cell.Rate, cost, nowUs);
        }
        else
        {
            QuotaMath.Spend(charge.Quota!, ref cell.Quota, cost, nowUs);
        }
    }

    private sealed class Cell
    {
        public RateState Rate;
        public QuotaState Quota;
    }
}
