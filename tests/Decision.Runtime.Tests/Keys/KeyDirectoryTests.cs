using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Keys;

/// <summary>Keys in memory: few enough, and never older than a write that has returned.</summary>
public sealed class KeyDirectoryTests
{
    private const int Readers = 4;

    [Fact]
    public async Task Memory_stays_bounded_and_every_key_still_works()
    {
        const int Capacity = 1_000;
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.CachedKeys = Capacity);
        await runtime.CreateAsync(Sample.Policy("gold"));
        CreatedKey busy = await runtime.CreateKeyAsync(Sample.Key("gold"));
        List<string> texts = [];
        int most = 0;
        for (int number = 0; number < 10_000; number++)
        {
            // Every tenth one is a custom key, which is remembered by its hash as well.
            CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold"), number % 10 == 0 ? $"partner-key-{number:00000000}" : "");
            texts.Add(key.ApiKey);
            Assert.True((await runtime.AskAsync(key)).IsAllowed);
            Assert.True((await runtime.AskAsync(busy)).IsAllowed);
            most = Math.Max(most, runtime.Records.Count);
        }

        Assert.InRange(most, Capacity / 2, Capacity + 1);
        Assert.Single(runtime.KeyStore.Finds, id => id == busy.Record.Key.Id);
        foreach (string text in texts)
        {
            Assert.True((await runtime.AskAsync(text)).IsAllowed);
        }

        Assert.InRange(runtime.Records.Count, Capacity / 2, Capacity + 1);
    }

    [Theory]
    [InlineData(true, Reason.KeyUnknown)]
    [InlineData(false, Reason.KeyInactive)]
    public async Task What_was_read_before_a_write_is_not_remembered_after_it(bool isDeleted, Reason expected)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        runtime.KeyStore.AfterFind = () =>
        {
            // The whole write takes place while the first request holds the record that it has read.
            runtime.KeyStore.AfterFind = null;
            Task write = isDeleted
                ? runtime.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None).AsTask()
                : runtime.UpdateAsync(key, before => before with { IsInactive = true });
            write.GetAwaiter().GetResult();
        };

        Verdict before = await runtime.AskAsync(key);
        Verdict after = await runtime.AskAsync(key);

        Assert.Equal([Reason.Allowed, expected], new[] { before.Reason, after.Reason });
    }

    [Fact]
    public async Task No_request_goes_by_a_state_older_than_an_update_that_returned()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { Alias = "0" });
        int begun = 0, ended = 0;

        await RaceAsync(
            async () =>
            {
                int earliest = Volatile.Read(ref ended);
                Verdict verdict = await runtime.AskAsync(key);
                int latest = Volatile.Read(ref begun);
                int seen = int.Parse(verdict.Grant!.Merged.Key.Alias, System.Globalization.CultureInfo.InvariantCulture);
                Assert.InRange(seen, earliest, latest);
                Assert.Equal(seen % 2 == 0 ? Reason.Allowed : Reason.KeyInactive, verdict.Reason);
            },
            async number =>
            {
                Volatile.Write(ref begun, number);
                await runtime.UpdateAsync(key, before => before with { Alias = $"{number}", IsInactive = number % 2 == 1 });
                Volatile.Write(ref ended, number);
            });
    }

    [Fact]
    public async Task No_text_is_accepted_after_a_rotation_or_deletion_that_returned_and_every_new_one_is()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey first = await runtime.CreateKeyAsync(Sample.OwnKey());
        Texts texts = new(0, first.ApiKey, "");
        string id = first.Record.Key.Id;
        int begun = 0;

        await RaceAsync(
            async () =>
            {
                Texts known = Volatile.Read(ref texts);
                Reason live = (await runtime.AskAsync(known.Live)).Reason;
                Reason gone = (await runtime.AskAsync(known.Gone)).Reason;
                if (Volatile.Read(ref begun) == known.Number)
                {
                    Assert.Equal(Reason.Allowed, live);
                }

                Assert.Equal(known.Gone.Length == 0 ? Reason.KeyMissing : Reason.KeyUnknown, gone);
            },
            async number =>
            {
                string old = Volatile.Read(ref texts).Live;
                Volatile.Write(ref begun, number);
                string live;
                if (number % 2 == 0)
                {
                    live = (await runtime.Keys.RotateAsync(id, TimeSpan.Zero, "", CancellationToken.None)).ApiKey;
                }
                else
                {
                    await runtime.Keys.DeleteAsync(id, "", CancellationToken.None);
                    CreatedKey next = await runtime.CreateKeyAsync(Sample.OwnKey());
                    (id, live) = (next.Record.Key.Id, next.ApiKey);
                }

                Volatile.Write(ref texts, new Texts(number, live, old));
            });
    }

    // Readers go on for as long as the writer has something to write.
    private static async Task RaceAsync(Func<Task> read, Func<int, Task> write)
    {
        bool isOver = false;
        Task[] readers =
        [
            .. Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
            {
                do
                {
                    await read();
                }
                while (!Volatile.Read(ref isOver));
            })),
        ];
        try
        {
            for (int number = 1; number <= 200; number++)
            {
                await write(number);
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }

        await Task.WhenAll(readers);
    }

    private sealed record Texts(int Number, string Live, string Gone);
}
