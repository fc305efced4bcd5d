using System.Diagnostics.Metrics;
using Decision.Engine.Charges;
using Decision.Runtime.Metrics;
using Decision.Storage.Redis.Trimming;
using StackExchange.Redis;
using static Decision.Storage.Redis.Tests.Trimming.TrimmedStore;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Trimming;

/// <summary>What cannot be read is no counter that may go: it stays, and is told.</summary>
public class DamagedTrimTests(SharedRedis shared)
{
    private static readonly long LongUs = 100 * DayUs;

    public static TheoryData<string, byte[]> States => new()
    {
        { "empty", [] },
        { "of a later version", [9, 1, 2, 3] },
        { "a quota cut short", [255, 0, 0] },
        { "a log cut short", new byte[54] },
        { "a log of zeroes", new byte[55] },
        { "a window without a moment", [2, .. Doubles(1), 1, 0, 0, 0, .. Doubles(0, 0), .. new byte[8]] },
        { "a window whose mark is no number", [2, .. Doubles(1), 1, 0, 0, 0, .. Doubles(5, double.NaN), .. new byte[8]] },
        { "a quota that ends before time began", [255, .. Doubles(5, 1, -7)] },
        { "a quota used in no period", [255, .. Doubles(0, 1, 0)] },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_state_that_says_nothing_stays(string which, byte[] state)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        await store.SpendAsync(Rate(Key("k"), "rate", 10));
        await store.Database.HashSetAsync(store.NameOf(Key("k")), "c/other", state);
        store.Time.NowUs += LongUs;

        TrimReport report = await store.SweepAsync();

        Assert.True(report == new TrimReport(1, 1), which);
        Assert.Equal(state, (byte[]?)await store.Database.HashGetAsync(store.NameOf(Key("k")), "c/other"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_lacks_a_part_stays(bool isCutShort)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        for (int i = 0; i < 100; i++)
        {
            store.Time.NowUs += 1_000;
            await store.SpendAsync(Rate(Key("k"), "rate", 1_000));
        }

        RedisKey name = store.NameOf(Key("k"));
        Assert.True(isCutShort ? !await store.Database.HashSetAsync(name, "e/1/rate", "cut") : await store.Database.HashDeleteAsync(name, "e/1/rate"));
        string[] before = await store.FieldsAsync(Key("k"));
        store.Time.NowUs += LongUs;

        Assert.Equal(new TrimReport(0, 1), await store.SweepAsync());

        Assert.Equal(before, await store.FieldsAsync(Key("k")));
    }

    [Fact]
    public async Task A_part_of_a_log_that_is_not_there_stays()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        await store.SpendAsync(Rate(Key("k"), "rate", 10));
        await store.Database.HashSetAsync(store.NameOf(Key("k")), "e/0/gone", new byte[384]);
        store.Time.NowUs += LongUs;

        Assert.Equal(new TrimReport(1, 1), await store.SweepAsync());
        Assert.Equal(["e/0/gone", "s", "x"], await store.FieldsAsync(Key("k")));
    }

    [Fact]
    public async Task A_name_that_holds_something_else_is_left_and_keeps_nothing_else_from_being_trimmed()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        await store.SpendAsync(Rate(Key("k"), "rate", 10));
        await store.Database.StringSetAsync(store.NameOf(Key("foreign")), "theirs");
        store.Time.NowUs += LongUs;
        Dictionary<string, long> counted = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DecisionMetrics.MeterName && instrument.Name is "decision.store.trimmed" or "decision.store.damaged")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, _, _) =>
        {
            lock (counted)
            {
                counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + count;
            }
        });
        listener.Start();

        Assert.Equal(new TrimReport(1, 1), await store.SweepAsync());

        Assert.Equal("theirs", await store.Database.StringGetAsync(store.NameOf(Key("foreign"))));
        Assert.InRange(counted["decision.store.trimmed"], 1, long.MaxValue);
        Assert.InRange(counted["decision.store.damaged"], 1, long.MaxValue);
    }

    private static byte[] Doubles(params double[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
