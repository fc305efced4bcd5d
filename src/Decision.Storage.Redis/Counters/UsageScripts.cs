using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>Calls of the scripts that read and change counters beside decisions, each on one subject.</summary>
internal sealed class UsageScripts(RedisCalls calls, RedisKeys names, ScriptClock clock, TimeProvider time)
{
    private const int ReadingLength = 33;
    private const int MostAttempts = 8;

    private static readonly RedisScript Usage = RedisScript.LoadWithLimits("usage.lua");
    private static readonly RedisScript GiveBack = RedisScript.LoadWithLimits("giveback.lua");
    private static readonly RedisScript Forget = RedisScript.Load("forget.lua");

    /// <summary>Runs an operation on counters of one subject.</summary>
    /// <param name="operation"><c>read</c>, <c>reset</c> or <c>adjust</c>.</param>
    /// <param name="charges">All of one subject.</param>
    /// <param name="delta">What <c>adjust</c> adds.</param>
    public async ValueTask<CounterReading[]> RunAsync(string operation, IReadOnlyList<Charge> charges, long delta, CancellationToken cancellation)
    {
        Subject subject = charges[0].Counter.Subject;
        var readings = new CounterReading[charges.Count];
        List<int> open = [.. Enumerable.Range(0, charges.Count)];
        long nowUs = clock.EstimateUs(time);
        for (int attempt = 1; open.Count > 0; attempt++)
        {
            if (attempt > MostAttempts)
            {
                throw new StoreException("The clock of Redis jumps: no calendar period could be found for it.");
            }

            RedisValue[] values =
            [
                clock.Argument,
                operation,
                (byte[])[(byte)subject.Kind, .. Encoding.UTF8.GetBytes(subject.Id)],
                delta.ToString(CultureInfo.InvariantCulture),
                .. open.Select(index => (RedisValue)TermsOf(charges[index], nowUs)),
            ];
            byte[] answer = await CallAsync("usage", Usage, subject, values, cancellation).ConfigureAwait(false);
            List<int> again = [];
            for (int i = 0; i < open.Count; i++)
            {
                ReadOnlySpan<byte> reading = answer.AsSpan(i * ReadingLength, ReadingLength);
                if (reading[0] == 0)
                {
                    readings[open[i]] = ReadReading(reading, charges[open[i]]);
                }
                else
                {
                    again.Add(open[i]);
                    nowUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(reading[25..]);
                }
            }

            open = again;
        }

        return readings;
    }

    /// <summary>Takes back what one subject counted, once, and tells what its counters hold now.</summary>
    /// <param name="charges">All of one subject.</param>
    /// <param name="spends">How each was spent; null = it was not.</param>
    public async ValueTask<LimitTest[]> GiveBackAsync(
        IReadOnlyList<Charge> charges, IReadOnlyList<CountedSpend?> spends, IReadOnlyList<long> costs, CancellationToken cancellation)
    {
        var values = new RedisValue[1 + (4 * charges.Count)];
        values[0] = clock.Argument;
        for (int i = 0; i < charges.Count; i++)
        {
            values[1 + (4 * i)] = TermsOf(charges[i], spends[i]?.AtUs ?? clock.EstimateUs(time));
            values[2 + (4 * i)] = costs[i].ToString(CultureInfo.InvariantCulture);
            values[3 + (4 * i)] = spends[i]?.AtUs.ToString(CultureInfo.InvariantCulture) ?? RedisValue.EmptyString;
            values[4 + (4 * i)] = spends[i]?.States ?? RedisValue.EmptyString;
        }

        RedisKey name = names.OfSubject(charges[0].Counter.Subject);
        byte[] answer = await calls.DecideAsync(
            "give_back", name, async database => (byte[]?)await GiveBack.EvaluateAsync(database, [name], values).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false) ?? [];
        return [.. charges.Select((charge, i) => SpendingReply.ReadOutcome(answer.AsSpan(i * ReadingLength, ReadingLength), charge, out _))];
    }

    /// <summary>Removes all counters of a subject.</summary>
    public async ValueTask ForgetAsync(Subject subject, CancellationToken cancellation) =>
        await calls.AdministerAsync("forget", database => Forget.EvaluateAsync(database, [names.OfSubject(subject)], []), cancellation).ConfigureAwait(false);

    private async ValueTask<byte[]> CallAsync(string operation, RedisScript script, Subject subject, RedisValue[] values, CancellationToken cancellation)
    {
        try
        {
            return await calls.AdministerAsync(
                operation, async database => (byte[]?)await script.EvaluateAsync(database, [names.OfSubject(subject)], values).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false) ?? throw new StoreException("Redis answered with nothing.");
        }
        catch (StoreException error) when (error.InnerException?.Message.Contains("damaged", StringComparison.Ordinal) == true)
        {
            throw DamagedCounter.Exception();
        }
    }

    private static byte[] TermsOf(Charge charge, long nowUs)
    {
        ChargeTerms terms = ChargeTerms.Of(charge);
        byte[] bytes = new byte[terms.Length];
        terms.Write(bytes, 0, nowUs);
        return bytes;
    }

    private static CounterReading ReadReading(ReadOnlySpan<byte> bytes, Charge charge)
    {
        long used = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[1..]);
        long resetUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[9..]);
        long startUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[17..]);
        long nowUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[25..]);
        long remaining = Math.Max(0, (charge.Rate?.Capacity ?? charge.Max) - used);
        if (charge.Quota is not { } quota || startUs == 0)
        {
            return new CounterReading(charge, used, remaining, resetUs, 0, 0);
        }

        // Asked as of its start, the period that runs then is its own; it may be over by now.
        long endUs = QuotaMath.PeriodEndUs(quota, new QuotaState(startUs, used), startUs);
        return endUs == LimitTest.Never
            ? new CounterReading(charge, used, remaining, resetUs, startUs, 0)
            : endUs > nowUs
                ? new CounterReading(charge, used, remaining, resetUs, startUs, endUs)
                : new CounterReading(charge, used, remaining, resetUs, 0, 0);
    }
}
