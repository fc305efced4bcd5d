using System.Globalization;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit.Redis;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests;

/// <summary>The connection that decisions have to themselves: as a function or a script, lost and made again, and what goes on without it.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private readonly Charge _rate = Rate(Key("k"), "rate", 1_000_000);
    private RedisServer? _redis;

    private RedisServer Redis => _redis!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis!.DisposeAsync();

    [Fact]
    public async Task Decisions_go_over_a_connection_of_their_own_as_calls_of_a_function()
    {
        await using RedisStore store = await RedisStore.OpenAsync(Redis);
        await ResetAsync();

        Assert.Equal("1, 2, 3", await SpendAsync(store, 3));

        Assert.True(store.Get<SpendLink>().IsUp);
        Assert.Equal((3, 0, 0), (await CallsAsync("fcall"), await CallsAsync("evalsha"), await CallsAsync("eval")));
        Assert.Contains("cmd=fcall", await Redis.CommandAsync("CLIENT", "LIST"));
    }

    [Fact]
    public async Task Functions_that_were_flushed_are_loaded_again()
    {
        await using RedisStore store = await RedisStore.OpenAsync(Redis);
        Assert.Equal(1, await SpendAsync(store));

        await Redis.CommandAsync("FUNCTION", "FLUSH");
        await ResetAsync();

        Assert.Equal("2, 3, 4", await SpendAsync(store, 3));

        // The first asked for it in vain, and went as a script.
        Assert.Equal((3, 1), (await CallsAsync("fcall"), await CallsAsync("eval")));
    }

    [Theory]
    [InlineData("-function|load")]
    [InlineData("-fcall")]
    public async Task A_user_who_may_not_use_functions_decides_by_scripts(string right)
    {
        await Redis.CommandAsync("ACL", "SETUSER", "decision", "on", ">p", "+@all", "~*", "&*", right);
        await using RedisStore store = await RedisStore.OpenAsync(Redis.Address + ",user=decision,password=p");
        await ResetAsync();

        Assert.Equal("1, 2", await SpendAsync(store, 2));

        Assert.True(store.Get<SpendLink>().IsUp);
        Assert.Equal(2, await CallsAsync("evalsha"));
    }

    [Fact]
    public async Task A_script_that_was_flushed_is_told_again_over_the_same_connection()
    {
        await Redis.CommandAsync("ACL", "SETUSER", "decision", "on", ">p", "+@all", "~*", "&*", "-function");
        await using RedisStore store = await RedisStore.OpenAsync(Redis.Address + ",user=decision,password=p");
        Assert.Equal(1, await SpendAsync(store));
        await Redis.CommandAsync("SCRIPT", "FLUSH");
        await ResetAsync();

        Assert.Equal("2, 3", await SpendAsync(store, 2));

        Assert.Equal(1, await CallsAsync("eval"));
    }

    [Fact]
    public async Task A_connection_that_was_cut_while_nothing_was_asked_costs_no_decision_and_is_made_again()
    {
        await using RedisStore store = await RedisStore.OpenAsync(Redis);
        Assert.Equal(1, await SpendAsync(store));
        SpendLink link = store.Get<SpendLink>();

        await KillLinkAsync();

        Assert.Equal("2, 3, 4, 5", await SpendAsync(store, 4));
        while (!link.IsUp)
        {
            await SpendAsync(store);
        }

        await ResetAsync();
        await SpendAsync(store);
        Assert.Equal(1, await CallsAsync("fcall"));
    }

    [Fact]
    public async Task Another_database_a_name_and_a_password_are_those_of_the_configuration()
    {
        await Redis.CommandAsync("CONFIG", "SET", "requirepass", "right");
        await using RedisStore store = await RedisStore.OpenAsync(Redis.Address + ",password=right,defaultDatabase=3,name=shop");

        Assert.Equal(1, await SpendAsync(store));

        Assert.True(store.Get<SpendLink>().IsUp);
        string own = (await Redis.CommandAsync("-a", "right", "CLIENT", "LIST")).Split('\n').Single(line => line.Contains("cmd=fcall", StringComparison.Ordinal));
        Assert.Contains("name=shop", own);
        Assert.Contains("db=3", own);
    }

    [Fact]
    public async Task Calls_with_answers_of_any_size_are_read_whole()
    {
        await using RedisStore store = await RedisStore.OpenAsync(Redis);
        Charge[][] groups = [.. Enumerable.Range(0, 20).Select(group => (Charge[])
            [.. Enumerable.Range(0, ChargeList.Capacity).Select(i => Rate(Key(string.Create(CultureInfo.InvariantCulture, $"g{group}x{i}")), "rate", 10))])];

        SpendResult[] results = await Task.WhenAll(groups.Select(group =>
            store.Get<ICounterStore>().SpendAsync(Spend(group), CancellationToken.None).AsTask()));

        Assert.All(results, result => Assert.All(Enumerable.Range(0, ChargeList.Capacity), i => Assert.Equal(1, result.Outcomes[i].Used)));
    }

    private async Task<long> SpendAsync(RedisStore store) =>
        (await store.Get<ICounterStore>().SpendAsync(Spend(_rate), CancellationToken.None)).Outcomes[0].Used;

    private async Task<string> SpendAsync(RedisStore store, int times)
    {
        long[] used = new long[times];
        for (int i = 0; i < times; i++)
        {
            used[i] = await SpendAsync(store);
        }

        return string.Join(", ", used);
    }

    private Task<string> ResetAsync() => Redis.CommandAsync("CONFIG", "RESETSTAT");

    private Task<long> CallsAsync(string command) => Redis.CallsAsync(command);

    private async Task KillLinkAsync()
    {
        string link = (await Redis.CommandAsync("CLIENT", "LIST")).Split('\n').Single(line => line.Contains("cmd=fcall", StringComparison.Ordinal));
        string id = link.Split(' ')[0]["id=".Length..];
        Assert.Equal("1", await Redis.CommandAsync("CLIENT", "KILL", "ID", id));
    }
}
