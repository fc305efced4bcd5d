using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

public abstract partial class CounterStoreContract
{
    /// <summary>
    /// The store and the engine's functions on plain values, driven with the same random steps, must agree in every number. Where limits change
    /// on the way nothing happens in the background: a counter that no longer counts under its last limit may have been let go, while the model
    /// still knows it.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false, Traits = ["Run", "full"])]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, true, Traits = ["Run", "full"])]
    public async Task Every_step_of_a_random_sequence_answers_what_the_engines_functions_say(int seed, bool changesLimits)
    {
        Random random = new(seed);
        Model model = new();
        Subject[] subjects = [Subject, new(SubjectKind.Organization, Subject.Id), new(SubjectKind.Api, Subject.Id), Subject.ForPattern("o", Subject.Id)];
        for (int step = 0; step < 4_000; step++)
        {
            Charge[] charges = Draw(random, subjects, changesLimits);
            switch (random.Next(40))
            {
                case 0:
                    await CompareReadingsAsync(model, charges);
                    break;
                case 1:
                    await Store.ResetAsync(charges, CancellationToken.None);
                    model.Reset(charges);
                    break;
                case 2 when charges.FirstOrDefault(charge => charge.Quota is not null) is { } quota:
                    long delta = random.Next(-5, 6);
                    CounterReading adjusted = await Store.AdjustAsync(quota, delta, CancellationToken.None);
                    Assert.Equal(model.Adjust(quota, delta, NowUs), adjusted.Used);
                    break;
                case 3 when random.Next(4) == 0:
                    await Store.DeleteSubjectAsync(charges[0].Counter.Subject, CancellationToken.None);
                    model.Delete(charges[0].Counter.Subject);
                    break;
                case < 16:
                    Time.Advance(TimeSpan.FromMicroseconds(random.Next(4) == 0 ? random.NextInt64(30_000_000) : random.NextInt64(300_000)));
                    break;
                default:
                    long[]? costs = random.Next(3) == 0 ? [.. charges.Select(_ => random.NextInt64(1, 5))] : null;
                    Spending spending = new() { Charges = List(charges), Cost = random.Next(1, 4), Costs = costs, IsPeek = random.Next(10) == 0 };
                    SpendResult result = await SpendAsync(spending);
                    LimitTest[] expected = model.Spend(spending, NowUs);
                    Assert.Equal(expected, Enumerable.Range(0, charges.Length).Select(i => result.Outcomes[i]));
                    break;
            }

            if (!changesLimits)
            {
                await BetweenStepsAsync(step);
            }
        }
    }

    private static Charge[] Draw(Random random, Subject[] subjects, bool changesLimits)
    {
        Dictionary<CounterKey, Charge> drawn = [];
        // As many as one request has, and now and then as a group of them.
        for (int i = random.Next(1, random.Next(5) == 0 ? 12 : ChargeList.Usual + 1); i > 0; i--)
        {
            Subject subject = subjects[random.Next(subjects.Length)];
            int kind = random.Next(6);
            long max = changesLimits ? random.Next(3, 40) : 3 + (7 * kind);
            double seconds = changesLimits ? random.Next(1, 20) : 1 + (3 * kind);
            bool shadow = random.Next(4) == 0;
            Charge charge = kind switch
            {
                4 => Quota(subject, "quota", max, (long)seconds, shadow),
                5 => Quota(subject, "life", 400, 0, shadow),
                _ => Rate(subject, "rate" + (changesLimits ? 0 : kind), max, seconds, (RateAlgorithm)kind, shadow),
            };
            drawn.TryAdd(charge.Counter, charge);
        }

        return [.. drawn.Values];
    }

    private async Task CompareReadingsAsync(Model model, Charge[] charges)
    {
        IReadOnlyList<CounterReading> readings = await Store.ReadAsync(charges, CancellationToken.None);
        for (int i = 0; i < charges.Length; i++)
        {
            LimitTest expected = model.Test(charges[i], 0, NowUs);
            Assert.Equal(
                (expected.Used, expected.Remaining, expected.ResetUs), (readings[i].Used, readings[i].Remaining, readings[i].ResetUs));
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<CounterKey, State> _states = [];

        public LimitTest Test(Charge charge, long cost, long nowUs)
        {
            State state = Of(charge);
            return charge.Rate is { } rate
                ? RateMath.Test(rate, state.Rate, cost, nowUs)
                : QuotaMath.Test(charge.Quota!, state.Quota, cost, nowUs);
        }

        public LimitTest[] Spend(Spending spending, long nowUs)
        {
            ChargeList charges = spending.Charges;
            LimitTest[] tests = new LimitTest[charges.Count];
            for (int i = 0; i < tests.Length; i++)
            {
                tests[i] = Test(charges[i], spending.CostOf(i), nowUs);
            }

            bool enforcedFit = !Enumerable.Range(0, tests.Length).Any(i => tests[i].Refused && !charges[i].IsShadow);
            bool shadowsFit = !Enumerable.Range(0, tests.Length).Any(i => tests[i].Refused && charges[i].IsShadow);
            for (int i = 0; i < tests.Length; i++)
            {
                if (!spending.IsPeek && enforcedFit && (!charges[i].IsShadow || shadowsFit))
                {
                    State state = Of(charges[i]);
                    if (charges[i].Rate is { } rate)
                    {
                        RateMath.Spend(rate, ref state.Rate, spending.CostOf(i), nowUs);
                    }
                    else
                    {
                        QuotaMath.Spend(charges[i].Quota!, ref state.Quota, spending.CostOf(i), nowUs);
                    }
                }
                else if (!tests[i].Refused)
                {
                    tests[i] = Test(charges[i], 0, nowUs);
                }
            }

            return tests;
        }

        public long Adjust(Charge quota, long delta, long nowUs)
        {
            QuotaMath.Adjust(ref Of(quota).Quota, quota.Quota!, delta, nowUs);
            return Test(quota, 0, nowUs).Used;
        }

        public void Reset(Charge[] charges)
        {
            foreach (Charge charge in charges)
            {
                _states.Remove(charge.Counter);
            }
        }

        public void Delete(Subject subject)
        {
            foreach (CounterKey key in _states.Keys.Where(key => key.Subject == subject).ToArray())
            {
                _states.Remove(key);
            }
        }

        private State Of(Charge charge)
        {
            if (!_states.TryGetValue(charge.Counter, out State? state))
            {
                _states.Add(charge.Counter, state = new State());
            }

            return state;
        }

        private sealed class State
        {
            public RateState Rate;
            public QuotaState Quota;
        }
    }
}
