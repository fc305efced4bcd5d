using Decision.Runtime.Administration;
using Decision.Runtime.Keys;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Keys;

public sealed class GrantRenewalsTests
{
    private long _heap;
    private int _collections;

    [Fact]
    public void Large_heap_is_collected_after_each_few()
    {
        _heap = GrantRenewals.LargeHeap;
        var renewals = new GrantRenewals(() => _heap, () => _collections++);

        Renew(renewals, GrantRenewals.Few - 1);
        Assert.Equal(0, _collections);

        Renew(renewals, 1);
        Assert.Equal(1, _collections);

        Renew(renewals, 2 * GrantRenewals.Few);
        Assert.Equal(3, _collections);
    }

    [Fact]
    public void Small_heap_is_left_to_the_collector()
    {
        _heap = GrantRenewals.LargeHeap - 1;
        var renewals = new GrantRenewals(() => _heap, () => _collections++);

        Renew(renewals, 3 * GrantRenewals.Few);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public async Task Edit_of_a_policy_of_many_keys_is_followed_by_collections_of_few()
    {
        byte[] large = new byte[GrantRenewals.LargeHeap];
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("everyone"));
        List<CreatedKey> keys = [];
        for (int number = 0; number < 4 * GrantRenewals.Few; number++)
        {
            keys.Add(await runtime.CreateKeyAsync(Sample.Key("everyone")));
            Assert.True((await runtime.AskAsync(keys[^1])).IsAllowed);
        }

        await runtime.EditAsync("everyone", policy => policy with { Name = "renamed" });
        long before = GrantRenewals.OfProcess.Collections;

        foreach (CreatedKey key in keys)
        {
            Assert.True((await runtime.AskAsync(key)).IsAllowed);
        }

        Assert.InRange(GrantRenewals.OfProcess.Collections - before, 4, long.MaxValue);
        GC.KeepAlive(large);
    }

    private static void Renew(GrantRenewals renewals, int times)
    {
        for (int time = 0; time < times; time++)
        {
            renewals.Count();
        }
    }
}
