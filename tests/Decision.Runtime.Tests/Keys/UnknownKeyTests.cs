using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Engine.Signatures;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Keys;

/// <summary>Keys that nobody has: they cost the store one read a second each, and a bounded memory.</summary>
public sealed class UnknownKeyTests
{
    private const string Custom = "partner-key-0123456789";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_storm_of_unknown_keys_reads_the_store_once_a_second_for_each(bool areCustom)
    {
        const int keys = 10_000, seconds = 3, timesASecond = 3;
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        string[] texts = [.. Enumerable.Range(0, keys).Select(number => areCustom ? $"nobody-has-this-{number:00000}" : Token(number))];

        for (int second = 0; second < seconds; second++)
        {
            for (int time = 0; time < timesASecond; time++)
            {
                foreach (string text in texts)
                {
                    Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(text)).Reason);
                }

                runtime.Time.Advance(TimeSpan.FromMilliseconds(300));
            }

            runtime.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(keys * seconds, runtime.KeyStore.Finds.Count + runtime.KeyStore.HashFinds);
        Assert.InRange(runtime.Records.UnknownCount, keys, 2 * keys);
        Assert.Equal(0, runtime.Records.Count);
    }

    [Fact]
    public async Task Memory_of_unknown_keys_is_bounded_and_goes_on_with_the_newest()
    {
        const int bound = 131_072;
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        int most = 0;
        for (int number = 0; number < bound + 70_000; number++)
        {
            await runtime.AskAsync(Token(number));
            most = number % 1_000 == 0 ? Math.Max(most, runtime.Records.UnknownCount) : most;
        }

        int reads = runtime.KeyStore.Finds.Count;
        await runtime.AskAsync(Token(bound + 69_999));
        await runtime.AskAsync(Token(0));

        Assert.InRange(most, bound / 2, bound);
        Assert.Equal(reads + 1, runtime.KeyStore.Finds.Count);
    }

    [Fact]
    public async Task Requests_for_one_unknown_key_at_the_same_time_share_a_read()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        TaskCompletionSource isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim mayRead = new();
        runtime.KeyStore.BeforeFind = () =>
        {
            isAsked.TrySetResult();
            mayRead.Wait(TestContext.Current.CancellationToken);
        };
        string token = Token(1);

        Task<Verdict> first = Task.Run(() => runtime.AskAsync(token));
        await isAsked.Task;
        Task<Verdict>[] others = [.. Enumerable.Range(0, 50).Select(_ => runtime.AskAsync(token))];
        mayRead.Set();

        Assert.All(await Task.WhenAll([first, .. others]), verdict => Assert.Equal(Reason.KeyUnknown, verdict.Reason));
        Assert.Single(runtime.KeyStore.Finds);
    }

    [Fact]
    public async Task Who_waits_for_another_s_read_goes_on_when_that_one_gives_up_or_fails()
    {
        SharedReads reads = new();
        using CancellationTokenSource givesUp = new();
        Task first = reads.BeginAsync(givesUp.Token);
        Task<string> second = reads.WaitAsync("second");
        await givesUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("second", await second);

        Task failing = reads.BeginAsync(CancellationToken.None);
        Task<string> waiting = reads.WaitAsync("third");
        reads.Fail();

        await Assert.ThrowsAsync<StoreException>(() => failing);
        await Assert.ThrowsAsync<StoreException>(() => waiting);
        Assert.Equal("fourth", await reads.WaitAsync("fourth"));
    }

    [Fact]
    public async Task A_read_that_began_before_a_write_is_not_shared_after_it()
    {
        SharedReads reads = new();
        Task old = reads.BeginAsync(CancellationToken.None);

        Assert.Equal("new", await reads.WaitAsync("new", version: 2));

        reads.Fail();
        await Assert.ThrowsAsync<StoreException>(() => old);
    }

    [Fact]
    public async Task Key_that_was_unknown_is_found_at_once_when_it_is_created()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        Assert.Equal([Reason.KeyUnknown, Reason.KeyUnknown], [(await runtime.AskAsync(Custom)).Reason, (await runtime.AskAsync(Custom)).Reason]);
        Assert.Equal(1, runtime.KeyStore.HashFinds);

        await runtime.CreateKeyAsync(Sample.OwnKey(), Custom);

        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(Custom)).Reason);
    }

    [Fact]
    public async Task Key_that_is_created_while_it_is_looked_up_is_not_kept_out()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        KeyRecord record = key.Record;
        await runtime.Keys.DeleteAsync(record.Key.Id, "", CancellationToken.None);
        runtime.KeyStore.AfterFind = () =>
        {
            // Written and told of between the read, which has found nothing, and its end.
            runtime.KeyStore.AfterFind = null;
            runtime.KeyStore.CreateAsync(record, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            runtime.Records.ForgetWritten(record.Key.Id);
        };

        Verdict during = await runtime.AskAsync(key);
        Verdict after = await runtime.AskAsync(key);

        Assert.Equal([Reason.KeyUnknown, Reason.Allowed], new[] { during.Reason, after.Reason });
    }

    [Theory]
    [InlineData("")]
    [InlineData(Custom)]
    public async Task Key_that_was_unknown_is_found_when_another_replica_tells_of_it(string custom)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey(), custom);
        await writer.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None);
        Assert.Equal(Reason.KeyUnknown, (await reader.AskAsync(key)).Reason);
        int finds = reader.KeyStore.Finds.Count + reader.KeyStore.HashFinds;
        Assert.Equal(Reason.KeyUnknown, (await reader.AskAsync(key)).Reason);
        Assert.Equal(finds, reader.KeyStore.Finds.Count + reader.KeyStore.HashFinds);

        await writer.KeyStore.CreateAsync(key.Record, CancellationToken.None);

        Assert.Equal(Reason.Allowed, (await reader.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task Key_whose_write_was_not_told_is_found_after_a_second_or_a_new_connection()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        string[] customs = [Custom, Custom + "-too"];
        Assert.All(await Task.WhenAll(customs.Select(text => reader.AskAsync(text))), verdict => Assert.Equal(Reason.KeyUnknown, verdict.Reason));
        reader.Feed!.IsCut = true;
        await writer.CreateKeyAsync(Sample.OwnKey(), customs[0]);
        Assert.Equal(Reason.KeyUnknown, (await reader.AskAsync(customs[0])).Reason);

        store.Time.Advance(TimeSpan.FromSeconds(1));
        Verdict later = await reader.AskAsync(customs[0]);
        await reader.AskAsync(customs[1]);
        await writer.CreateKeyAsync(Sample.OwnKey(), customs[1]);
        reader.Feed.Reconnect();
        Verdict connected = await reader.AskAsync(customs[1]);

        Assert.Equal([Reason.Allowed, Reason.Allowed], new[] { later.Reason, connected.Reason });
    }

    [Fact]
    public async Task Text_that_its_key_gave_up_costs_one_read_a_second_too()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey(), Custom);
        await runtime.Keys.RotateAsync(key.Record.Key.Id, TimeSpan.FromSeconds(10), "", CancellationToken.None);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(Custom)).Reason);
        runtime.Time.Advance(TimeSpan.FromSeconds(11));
        int before = runtime.KeyStore.HashFinds;

        for (int time = 0; time < 10; time++)
        {
            Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(Custom)).Reason);
        }

        Assert.Equal(before + 1, runtime.KeyStore.HashFinds);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_makes_no_key_unknown()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey());
        runtime.KeyStore.Fails = true;
        Verdict failed = await runtime.AskAsync(key);
        runtime.KeyStore.Fails = false;

        Assert.Equal([Reason.StoreUnavailable, Reason.Allowed], new[] { failed.Reason, (await runtime.AskAsync(key)).Reason });
    }

    private static string Token(int number)
    {
        byte[] random = new byte[KeyToken.IdRandomLength];
        BitConverter.TryWriteBytes(random.AsSpan(KeyToken.IdRandomLength - sizeof(int)), number);
        return KeyToken.Create(KeyToken.CreateId(random), new byte[KeyToken.SecretRandomLength]);
    }

    /// <summary>Reads of one name, of which the first one waits until it is told how to end.</summary>
    private sealed class SharedReads
    {
        private readonly Runtime.Keys.SharedReads<string> _reads = new();
        private TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(string Value, bool IsShared)> BeginAsync(CancellationToken cancellation)
        {
            _first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reads.ReadAsync("key", 1, async token => await _first.Task.WaitAsync(token), cancellation).AsTask();
        }

        public async Task<string> WaitAsync(string own, long version = 1) =>
            (await _reads.ReadAsync("key", version, _ => new ValueTask<string>(own), CancellationToken.None)).Value;

        public void Fail() => _first.SetException(new StoreException("The store does not answer."));
    }
}
