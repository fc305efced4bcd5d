using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// Spends on a cluster. Subjects of one slot are one call; several slots are one call each: shared subjects first, the key last. Where a later
/// one refuses, the earlier ones take back what they counted, once. Meanwhile others may be refused, never admitted beyond a limit.
/// </summary>
internal sealed class SlotSpender(
    RedisConnection connection, RedisCalls calls, DecideClient client, UsageScripts usage, RedisKeys names, RedisMetrics metrics, ScriptClock clock, TimeProvider time)
{
    private const int MostAttempts = 8;

    public async ValueTask<SpendResult> SpendAsync(Spending spending, CancellationToken cancellation)
    {
        List<Part> parts = PartsOf(spending);
        ChargeOutcomes outcomes = default;
        bool isRefused = false;
        bool isShadowed = false;
        SpendResult last = new(SpendStatus.Done, default);
        for (int i = 0; i < parts.Count; i++)
        {
            Part part = parts[i];

            // After a refusal the others are only asked: what their counters hold, and whether the key still is the same.
            Spending asked = part.Of(spending) with { IsPeek = spending.IsPeek || isRefused };
            PerCharge<long> moments;
            byte[][] states;
            try
            {
                (last, moments, states) = await CallAsync(asked, parts.Count > 1 && !asked.IsPeek, cancellation).ConfigureAwait(false);
            }
            catch (StoreException error)
            {
                if (!asked.IsPeek && error.InnerException is { } cause && RedisFailure.Of(cause, TimeSpan.Zero).IsUncertain)
                {
                    metrics.Uncertain(1);
                }

                await TryGiveBackAsync(parts, i, spending).ConfigureAwait(false);
                throw;
            }

            if (last.Status != SpendStatus.Done || last.IsReplay)
            {
                await TryGiveBackAsync(parts, i, spending).ConfigureAwait(false);
                return last;
            }

            bool partRefused = false;
            bool partShadowed = false;
            for (int j = 0; j < part.Charges.Count; j++)
            {
                outcomes[part.Charges[j]] = last.Outcomes[j];
                bool refused = last.Outcomes[j].Refused;
                partRefused |= refused && !spending.Charges[part.Charges[j]].IsShadow;
                partShadowed |= refused && spending.Charges[part.Charges[j]].IsShadow;
            }

            if (!asked.IsPeek && !partRefused)
            {
                for (int j = 0; j < part.Charges.Count; j++)
                {
                    if (!spending.Charges[part.Charges[j]].IsShadow || !partShadowed)
                    {
                        part.Spends[j] = new CountedSpend(moments[j], states.Length > 0 ? states[j] : []);
                    }
                }
            }

            isShadowed |= partShadowed;
            isRefused |= partRefused;
        }

        if (isRefused || isShadowed)
        {
            outcomes = await TakeBackAsync(spending, parts, isRefused, outcomes, cancellation).ConfigureAwait(false);
        }

        return new SpendResult(SpendStatus.Done, outcomes);
    }

    // What a refusal leaves counted, and shadows where another shadow refused: they count among themselves all or none.
    private async ValueTask<ChargeOutcomes> TakeBackAsync(
        Spending spending, List<Part> parts, bool isRefused, ChargeOutcomes outcomes, CancellationToken cancellation)
    {
        foreach (Part part in parts)
        {
            foreach (var group in part.BySubject())
            {
                int[] places = [.. group.Where(j => part.Spends[j] is not null && (isRefused || spending.Charges[part.Charges[j]].IsShadow))];
                if (places.Length == 0)
                {
                    continue;
                }

                LimitTest[] now = await usage.GiveBackAsync(
                    [.. places.Select(j => spending.Charges[part.Charges[j]])],
                    [.. places.Select(j => part.Spends[j])],
                    [.. places.Select(j => spending.CostOf(part.Charges[j]))],
                    cancellation)
                    .ConfigureAwait(false);
                for (int k = 0; k < places.Length; k++)
                {
                    part.Spends[places[k]] = null;
                    outcomes[part.Charges[places[k]]] = now[k];
                }
            }
        }

        return outcomes;
    }

    // A part that cannot be asked keeps what it counted: it refuses earlier, never later.
    private async ValueTask TryGiveBackAsync(List<Part> parts, int count, Spending spending)
    {
        foreach (Part part in parts.Take(count))
        {
            foreach (var group in part.BySubject())
            {
                int[] places = [.. group.Where(j => part.Spends[j] is not null)];
                try
                {
                    if (places.Length > 0)
                    {
                        await usage.GiveBackAsync(
                            [.. places.Select(j => part.ChargeAt(j))],
                            [.. places.Select(j => part.Spends[j])],
                            [.. places.Select(j => spending.CostOf(part.Charges[j]))],
                            CancellationToken.None)
                            .ConfigureAwait(false);
                    }
                }
                catch (StoreException)
                {
                    // Counted as a failed call already.
                }
            }
        }
    }

    private async ValueTask<(SpendResult Result, PerCharge<long> Moments, byte[][] States)> CallAsync(
        Spending spending, bool tellsStates, CancellationToken cancellation)
    {
        SpendingSubjects subjects = SpendingSubjects.Of(spending);
        RedisKey[] keys = SpendingWriter.Keys(spending, subjects, names);
        long nowUs = clock.EstimateUs(time);
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            RedisValue[] values = [clock.Argument, DecideScript.Once, SpendingWriter.Write(spending, subjects, nowUs, tellsStates)];
            byte[] answer = await calls.DecideAsync(
                "spend", keys[0], database => client.EvaluateAsync(database, keys, values), cancellation).ConfigureAwait(false);
            if (Read(answer, spending, tellsStates, out var read, ref nowUs))
            {
                return read;
            }
        }

        throw new StoreException("The clock of Redis jumps: no calendar period could be found for it.");
    }

    private bool Read(
        byte[] answer, in Spending spending, bool tellsStates, out (SpendResult Result, PerCharge<long> Moments, byte[][] States) read, ref long nowUs)
    {
        SpendingReply reply = new(answer, tellsStates);
        clock.Learn(reply.NowUs, time);
        SpendingReplyStatus status = reply.Next(spending, out SpendResult result);
        read = (result, reply.Moments, reply.States);
        if (status is SpendingReplyStatus.Damaged or SpendingReplyStatus.Foreign)
        {
            throw DamagedCounter.Exception(status);
        }

        nowUs = reply.NeededUs;
        return status != SpendingReplyStatus.NeedsWindow;
    }

    private List<Part> PartsOf(in Spending spending)
    {
        SpendingSubjects subjects = SpendingSubjects.Of(spending);
        List<Part> parts = [];
        for (int place = 0; place < subjects.Count; place++)
        {
            int slot = connection.Multiplexer.HashSlot(names.OfSubject(subjects[place]));
            Part? part = parts.Find(each => each.Slot == slot);
            if (part is null)
            {
                part = new Part(slot);
                parts.Add(part);
            }

            part.HasKey |= place == 0 && SpendingWriter.ComparesKey(spending);
            for (int charge = 0; charge < spending.Charges.Count; charge++)
            {
                if (subjects.PlaceOf(charge) == place)
                {
                    part.Add(charge, spending.Charges[charge]);
                }
            }
        }

        if (parts.Count == 0)
        {
            parts.Add(new Part(-1));
        }

        // The key decides last, and the answer of an idempotency key lies beside it.
        int last = Math.Max(0, parts.FindIndex(part => part.HasKey));
        (parts[last], parts[^1]) = (parts[^1], parts[last]);
        parts[^1].IsLast = true;
        return parts;
    }

    /// <summary>What one slot has of a spending.</summary>
    private sealed class Part(int slot)
    {
        private readonly List<Charge> _charges = [];

        public int Slot { get; } = slot;

        public bool HasKey { get; set; }

        public bool IsLast { get; set; }

        /// <summary>Places among the charges of the whole spending.</summary>
        public List<int> Charges { get; } = [];

        /// <summary>How each was counted; null = it is not.</summary>
        public List<CountedSpend?> Spends { get; } = [];

        public void Add(int place, Charge charge)
        {
            Charges.Add(place);
            _charges.Add(charge);
            Spends.Add(null);
        }

        public Charge ChargeAt(int index) => _charges[index];

        public IEnumerable<IGrouping<Subject, int>> BySubject() =>
            Enumerable.Range(0, _charges.Count).GroupBy(index => _charges[index].Counter.Subject);

        private long[]? CostsOf(in Spending spending)
        {
            if (spending.Costs is null)
            {
                return null;
            }

            long[] costs = new long[Charges.Count];
            for (int i = 0; i < costs.Length; i++)
            {
                costs[i] = spending.Costs[Charges[i]];
            }

            return costs;
        }

        public Spending Of(in Spending spending)
        {
            ChargeList charges = default;
            foreach (Charge charge in _charges)
            {
                charges.Add(charge);
            }

            return new Spending
            {
                Charges = charges,
                Cost = spending.Cost,
                Costs = CostsOf(in spending),
                IsPeek = spending.IsPeek,
                KeyId = spending.KeyId,
                KeyVersion = HasKey ? spending.KeyVersion : 0,
                IdempotencyKey = IsLast ? spending.IdempotencyKey : null,
                RequestHash = spending.RequestHash,
            };
        }
    }
}
