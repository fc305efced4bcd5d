using System.Buffers.Binary;
using System.Text;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>Leases in Redis: they lie in the hash of their subject, where every decision counts them.</summary>
internal sealed class RedisLeaseStore(RedisCalls calls, RedisKeys names, ScriptClock clock, TimeProvider time) : ILeaseStore
{
    private const int OrderLength = 56;
    private const int GrantLength = 42;
    private const int MostAttempts = 8;

    private static readonly RedisScript Script = RedisScript.LoadWithLimits("lease.lua");

    /// <inheritdoc />
    /// <exception cref="ArgumentException">There is no order, or two subjects have one.</exception>
    public async ValueTask<LeaseGrant[]> LeaseAsync(IReadOnlyList<LeaseOrder> orders, CancellationToken cancellation)
    {
        if (orders.Count == 0 || orders.Any(order => order.Charge.Counter.Subject != orders[0].Charge.Counter.Subject))
        {
            throw new ArgumentException("Leases that are asked for together are all of one subject.", nameof(orders));
        }

        Subject subject = orders[0].Charge.Counter.Subject;
        RedisKey name = names.OfSubject(subject);
        var grants = new LeaseGrant[orders.Count];
        List<int> open = [.. Enumerable.Range(0, orders.Count)];
        long nowUs = clock.EstimateUs(time);
        for (int attempt = 1; open.Count > 0; attempt++)
        {
            if (attempt > MostAttempts)
            {
                throw new StoreException("The clock of Redis jumps: no calendar period could be found for it.");
            }

            RedisValue[] values = Values(subject, orders, open, nowUs);
            byte[] answer = await calls.DecideAsync(
                "lease", name, async database => (byte[]?)await Script.EvaluateAsync(database, [name], values).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false) ?? throw new StoreException("Redis answered with nothing.");
            List<int> again = [];
            for (int i = 0; i < open.Count; i++)
            {
                ReadOnlySpan<byte> bytes = answer.AsSpan(i * GrantLength, GrantLength);
                if (bytes[0] == 0)
                {
                    grants[open[i]] = Read(bytes, orders[open[i]].Charge);
                }
                else
                {
                    again.Add(open[i]);
                    nowUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[34..]);
                }
            }

            open = again;
        }

        return grants;
    }

    private RedisValue[] Values(Subject subject, IReadOnlyList<LeaseOrder> orders, List<int> open, long nowUs)
    {
        var values = new RedisValue[2 + (2 * open.Count)];
        values[0] = clock.Argument;
        values[1] = (byte[])[(byte)subject.Kind, .. Encoding.UTF8.GetBytes(subject.Id)];
        for (int i = 0; i < open.Count; i++)
        {
            LeaseOrder order = orders[open[i]];
            ChargeTerms terms = ChargeTerms.Of(order.Charge);
            byte[] bytes = new byte[terms.Length];
            terms.Write(bytes, 0, nowUs);
            values[2 + (2 * i)] = bytes;
            values[3 + (2 * i)] = Write(order);
        }

        return values;
    }

    private static byte[] Write(in LeaseOrder order)
    {
        byte[] bytes = new byte[OrderLength];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, order.Id);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8), order.Number);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), order.Used);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(24), Math.Floor(order.UsedAgo.TotalMicroseconds));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(32), order.Keeps);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(40), order.Wants);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(48), Math.Ceiling(order.Life.TotalMicroseconds));
        return bytes;
    }

    private static LeaseGrant Read(ReadOnlySpan<byte> bytes, Charge charge)
    {
        long used = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[18..]);
        return new LeaseGrant(
            bytes[1] != 0,
            (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[2..]),
            TimeSpan.FromMicroseconds(BinaryPrimitives.ReadDoubleLittleEndian(bytes[10..])),
            Math.Max(0, (charge.Rate?.Capacity ?? charge.Max) - used),
            (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[26..]));
    }
}
