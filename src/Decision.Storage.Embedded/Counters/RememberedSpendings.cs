using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Counters;

/// <summary>
/// What was answered to calls with an idempotency key, for 60 seconds. Twins that come at once wait for each other, so one of them spends.
/// </summary>
/// <remarks>
/// At most <see cref="Capacity"/> answers are kept, about 40 MB; when there are more within 60 seconds, the oldest is forgotten first and
/// its repetition spends again. They are not kept over a restart.
/// </remarks>
internal sealed class RememberedSpendings
{
    public const long LifetimeUs = 60_000_000;
    public const int Capacity = StripeCount * StripeCapacity;
    private const int StripeCount = 16;
    private const int StripeCapacity = 6_250;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];

    /// <summary>How many answers are kept now.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (Stripe stripe in _stripes)
            {
                lock (stripe)
                {
                    count += stripe.Answers.Count;
                }
            }

            return count;
        }
    }

    /// <summary>Answers from memory, or spends and remembers.</summary>
    public SpendResult SpendOnce(in Spending spending, EmbeddedCounterStore store)
    {
        Name name = new(spending.KeyId, spending.IdempotencyKey!);
        Stripe stripe = _stripes[(uint)name.GetHashCode() % StripeCount];

        // The stripe's lock is taken before any subject's and never the other way round.
        lock (stripe)
        {
            long nowUs = store.NowUs;
            if (stripe.Answers.TryGetValue(name, out Answer? known) && nowUs - known.AtUs < LifetimeUs)
            {
                return known.RequestHash == spending.RequestHash
                    ? known.Result with { Replay = new Replay(known.Charges) }
                    : new SpendResult(SpendStatus.IdempotencyConflict, default);
            }

            SpendResult result = store.Spend(spending);
            stripe.Forget(nowUs);
            stripe.Remember(name, new Answer(spending.RequestHash, nowUs, spending.Charges, result));
            return result;
        }
    }

    /// <summary>Forgets what is older than its lifetime.</summary>
    public void Forget(long nowUs)
    {
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe)
            {
                stripe.Forget(nowUs);
            }
        }
    }

    private readonly record struct Name(string? KeyId, string IdempotencyKey);

    private sealed record Answer(ulong RequestHash, long AtUs, ChargeList Charges, SpendResult Result);

    private sealed class Stripe
    {
        private readonly Queue<(Name Name, Answer Answer)> _byAge = new();

        public Dictionary<Name, Answer> Answers { get; } = [];

        public void Remember(Name name, Answer answer)
        {
            if (_byAge.Count >= StripeCapacity)
            {
                ForgetOldest();
            }

            Answers[name] = answer;
            _byAge.Enqueue((name, answer));
        }

        public void Forget(long nowUs)
        {
            while (_byAge.TryPeek(out (Name Name, Answer Answer) oldest) && nowUs - oldest.Answer.AtUs >= LifetimeUs)
            {
                ForgetOldest();
            }
        }

        private void ForgetOldest()
        {
            (Name name, Answer answer) = _byAge.Dequeue();

            // Where the clock was set back a name may have been answered again before its first answer left.
            if (Answers.TryGetValue(name, out Answer? current) && ReferenceEquals(current, answer))
            {
                Answers.Remove(name);
            }
        }
    }
}
