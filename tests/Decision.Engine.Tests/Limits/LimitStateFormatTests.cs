using System.Buffers;
using Decision.Engine.Limits;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

public class LimitStateFormatTests
{
    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public void TryRead_gives_back_a_state_that_goes_on_alike(RateAlgorithm algorithm)
    {
        var random = new Random((int)algorithm);
        for (int round = 0; round < 200; round++)
        {
            var counter = new Counter(AnyAlgorithmTests.AnyLimit(random, algorithm));
            long now = AnyAlgorithmTests.Spent(counter, random);
            if (round % 3 == 0)
            {
                counter.Limit = AnyAlgorithmTests.AnyLimit(random, algorithm);
                counter.Try(now);
            }

            var restored = new Counter(counter.Limit);
            byte[] bytes = counter.Bytes();
            Assert.True(LimitStateFormat.TryRead(bytes, out restored.State));
            Assert.Equal(bytes, restored.Bytes());
            for (int i = 0; i < 50; i++)
            {
                now += random.NextInt64(0, (counter.Limit.PeriodUs / 10) + 2);
                long cost = random.NextInt64(0, (counter.Limit.Capacity / 4) + 1);
                Assert.Equal(counter.Try(now, cost), restored.Try(now, cost));
            }
        }
    }

    [Fact]
    public void TryRead_largest_log_round_trips_and_stays_small()
    {
        Counter counter = LongLog();
        byte[] bytes = counter.Bytes();

        Assert.True(LimitStateFormat.TryRead(bytes, out RateState read));
        Assert.Equal(counter.State.Log!.Count, read.Log!.Count);
        Assert.InRange(bytes.Length, 1025, 8 * 1024);
    }

    [Fact]
    public void TryRead_empty_states_round_trip()
    {
        Assert.True(LimitStateFormat.TryRead(new Counter(Rate(RateAlgorithm.SlidingLog, 1, 1)).Bytes(), out RateState rate));
        Assert.True(rate.IsEmpty);
        Assert.True(LimitStateFormat.TryRead(Bytes(default), out QuotaState quota));
        Assert.Equal(default, quota);
    }

    [Theory]
    [InlineData(Start, 0)]
    [InlineData(1, 1)]
    [InlineData(Start, LimitBounds.MaxQuotaUnits)]
    public void TryRead_quota_round_trips(long start, long used)
    {
        Assert.True(LimitStateFormat.TryRead(Bytes(new QuotaState(start, used)), out QuotaState read));
        Assert.Equal(new QuotaState(start, used), read);
    }

    [Fact]
    public void TryRead_any_cut_or_changed_byte_is_refused()
    {
        byte[][] quotas = [Bytes(new QuotaState(Start, 5)), Bytes(default)];
        byte[][] states = [.. Enum.GetValues<RateAlgorithm>().Select(Spent), LongLog().Bytes(), .. quotas];
        foreach (byte[] bytes in states)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                AssertUnreadable(bytes[..i]);
                byte[] changed = [.. bytes];
                for (int bit = i % 3; bit < 8; bit += bytes.Length > 100 ? 8 : 1)
                {
                    changed[i] = (byte)(bytes[i] ^ (1 << bit));
                    AssertUnreadable(changed);
                }
            }

            AssertUnreadable([.. bytes, 0]);
        }
    }

    [Fact]
    public void TryRead_one_kind_as_the_other_is_refused()
    {
        Assert.False(LimitStateFormat.TryRead(Spent(RateAlgorithm.TokenBucket), out QuotaState _));
        Assert.False(LimitStateFormat.TryRead(Bytes(new QuotaState(Start, 5)), out RateState _));
    }

    [Fact]
    public void TryRead_damage_under_a_right_checksum_never_throws_nor_breaks_a_bound()
    {
        var random = new Random(11);
        byte[][] states = [.. Enum.GetValues<RateAlgorithm>().Select(Spent), LongLog().Bytes(), Bytes(new QuotaState(Start, 5))];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. states[random.Next(states.Length)]];
            int body = random.Next(2) == 0 ? bytes.Length - StateChecksum.Length : random.Next(2, bytes.Length - StateChecksum.Length);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(1, Math.Min(body, 40))] = (byte)random.Next(256);
            }

            byte[] signed = Signed(bytes[..body]);
            if (LimitStateFormat.TryRead(signed, out RateState rate))
            {
                read++;
                foreach (RateAlgorithm algorithm in Enum.GetValues<RateAlgorithm>())
                {
                    RateState state = rate;
                    RateLimit limit = Rate(algorithm, 5000, 60);
                    LimitTest test = RateMath.Test(limit, state, 1, Start);
                    Assert.True(test.Used >= 0 && test.Remaining >= 0 && test.ResetUs >= 0 && test.RetryUs >= 0);
                    Assert.True(RateMath.IdleAtUs(limit, state) >= 0);
                }
            }

            LimitStateFormat.TryRead(signed, out QuotaState _);
        }

        Assert.True(read > 100, $"{read} read");
    }

    [Fact]
    public void TryRead_impossible_values_under_a_right_checksum_are_refused()
    {
        // Version, kind, then period 1, maximum 1, newest stamp 5 where the kind is a rate's.
        byte[][] bodies =
        [
            [2, 254],
            [1, 4, 1, 1, 5, 0, 1],
            [1, 254, 0],
            [1, 0, 0, 1, 5, 0, 0, 1],
            [1, 0, 1, 0, 5, 0, 0, 1],
            [1, 0, 1, 1, 5, 0, 0, 0],
            [1, 0, 1, 1, 5, 6, 0, 1],
            [1, 0, 1, 1, 5, 0, 1, 1, 0, 1],
            [1, 0, 1, 1, 5, 0, 1, 1, 6, 1],
            [1, 0, 1, 1, 5, 0, 0x81, 0x08, 1],
            [1, 0, 0x81, 0, 1, 5, 0, 0, 1],
            [1, 1, 1, 1, 5, 0, 1],
            [1, 2, 2, 1, 5, 0, 1],
            [1, 2, 1, 1, 5, 0, 0],
            [1, 3, 1, 1, 5, 0, 1],
            [1, 255, 0, 1],
            [1, 255, 1],
            [1, 255, 1, 1, 1],
            [1, 255, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 1],
        ];
        foreach (byte[] body in bodies)
        {
            AssertUnreadable(Signed(body));
        }
    }

    private static void AssertUnreadable(byte[] bytes)
    {
        Assert.False(LimitStateFormat.TryRead(bytes, out RateState rate));
        Assert.True(rate.IsEmpty);
        Assert.False(LimitStateFormat.TryRead(bytes, out QuotaState quota));
        Assert.Equal(default, quota);
    }

    private static byte[] Spent(RateAlgorithm algorithm)
    {
        var counter = new Counter(Rate(algorithm, 7, 60));
        counter.Try(Start + 1, 2);
        counter.Try(Start + (70 * Second), 3);
        counter.Try(Start + (71 * Second), 1);
        return counter.Bytes();
    }

    private static Counter LongLog()
    {
        var counter = new Counter(Rate(RateAlgorithm.SlidingLog, 1024, 60));
        for (int i = 0; i < 1024; i++)
        {
            counter.Try(Start + (i * 50_000L));
        }

        return counter;
    }

    private static byte[] Bytes(QuotaState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        LimitStateFormat.Write(buffer, state);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Signed(byte[] body) => [.. body, .. BitConverter.GetBytes(StateChecksum.Add(StateChecksum.Start, body))];
}
