using System.Runtime.CompilerServices;
using System.Text;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>Carries counters out of Redis and into it.</summary>
internal sealed class RedisCounterTransfer(RedisCalls calls, SubjectScan scan, RedisKeys names, ScriptClock clock, TimeProvider time) : ICounterTransfer
{
    private static readonly RedisScript Script = RedisScript.LoadWithLimits("import.lua");

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredCounter> ExportAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (IReadOnlyList<RedisKey> page in scan.PagesAsync(cancellation).ConfigureAwait(false))
        {
            Task<HashEntry[]>[] reads = await calls.AdministerAsync(
                "export",
                async database =>
                {
                    Task<HashEntry[]>[] started = [.. page.Select(key => database.HashGetAllAsync(key, CommandFlags.DemandMaster))];
                    await Task.WhenAll(started).ConfigureAwait(false);
                    return started;
                },
                cancellation).ConfigureAwait(false);
            foreach (Task<HashEntry[]> read in reads)
            {
                foreach (StoredCounter counter in CountersOf(await read.ConfigureAwait(false)))
                {
                    yield return counter;
                }
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters, CancellationToken cancellation)
    {
        (StoredCounter Counter, List<RedisValue> Values)[] all = [.. counters.Select(counter => (counter, ValuesOf(counter)))];
        CounterImport sum = default;
        foreach (var group in all.GroupBy(each => each.Counter.Subject))
        {
            RedisValue[] values =
            [
                clock.Argument,
                (byte[])[(byte)group.Key.Kind, .. Encoding.UTF8.GetBytes(group.Key.Id)],
                .. group.SelectMany(each => each.Values),
            ];
            var answer = (long[]?)await calls.AdministerAsync(
                "import", database => Script.EvaluateAsync(database, [names.OfSubject(group.Key)], values), cancellation).ConfigureAwait(false);
            sum += new CounterImport(answer![0], answer[1], answer[2]);
        }

        return sum;
    }

    private IEnumerable<StoredCounter> CountersOf(HashEntry[] fields)
    {
        Dictionary<string, byte[]> byName = fields.ToDictionary(field => (string)field.Name!, field => (byte[])field.Value!, StringComparer.Ordinal);
        Subject? subject = byName.TryGetValue("r", out byte[]? record)
            ? new Subject(SubjectKind.Key, KeyRecordFormat.Read(record).Key.Id)
            : StoredState.SubjectOf(byName.GetValueOrDefault("s"));
        if (subject is null)
        {
            yield break;
        }

        long nowUs = clock.EstimateUs(time);
        foreach ((string field, byte[] bytes) in byName)
        {
            if (StoredState.NameOf(field) is not { } name)
            {
                continue;
            }

            // What cannot be read is given as it is: whoever takes it sees that, and where.
            byte[]? state = StoredState.Read(bytes, number => byName.GetValueOrDefault(StoredState.ChunkFieldOf(name, number)), out long? idleAtUs);
            if (state is null || idleAtUs is not { } idle || idle > nowUs)
            {
                yield return new StoredCounter(subject, name, state ?? bytes);
            }
        }
    }

    private static List<RedisValue> ValuesOf(StoredCounter counter)
    {
        if (LimitStateFormat.TryRead(counter.State.Span, out QuotaState quota))
        {
            return [counter.Name, StoredState.Write(quota), 0];
        }

        if (!LimitStateFormat.TryRead(counter.State.Span, out RateState state))
        {
            throw new ArgumentException($"The state of {counter.Subject.Kind} {counter.Subject.Id}, {counter.Name}, cannot be read.", nameof(counter));
        }

        // Nothing recorded is nothing to carry.
        if (RateSnapshot.Of(state) is not { } snapshot)
        {
            return [];
        }

        byte[] bytes = StoredState.Write(snapshot, out List<byte[]> chunks);
        return [counter.Name, bytes, chunks.Count, .. chunks.Select(chunk => (RedisValue)chunk)];
    }
}
