using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Tests.Leases;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Cluster;

/// <summary>Leases of limits whose subjects lie in several slots.</summary>
[Collection(SharedCluster.Name)]
public sealed class ClusterLeaseTests(SharedCluster shared)
{
    [Fact]
    public async Task Limits_in_several_slots_are_leased_and_hold_together()
    {
        await using LeasedStore store = await LeasedStore.OpenAsync(shared.Cluster.Address);
        Charge[] charges =
        [
            LeasedStore.Rate(1000, 60, subject: await store.NewKeyAsync()),
            LeasedStore.Quota(300, 3600, await store.NewKeyAsync()),
            LeasedStore.Rate(500, 60, subject: await store.NewKeyAsync()),
        ];
        Replica[] replicas = [store.Start(), store.Start()];
        int admitted = 0;
        int leased = 0;
        for (int i = 0; i < 600; i++)
        {
            var result = await replicas[i % 2].Store.SpendAsync(TestCharges.Spend(charges), CancellationToken.None);
            bool isAdmitted = !Enumerable.Range(0, 3).Any(index => result.Outcomes[index].Refused);
            admitted += isAdmitted ? 1 : 0;
            leased += isAdmitted && result.IsLeased ? 1 : 0;
            await store.PassAsync(TimeSpan.FromMilliseconds(1));
        }

        foreach (Replica replica in replicas)
        {
            await replica.Store.ReturnAsync();
        }

        Assert.InRange(admitted, 240, 300);
        Assert.True(leased > 100, $"{leased} of {admitted} were leased");
        foreach (Charge charge in charges)
        {
            Assert.Equal(admitted, Assert.Single(await store.Exact.ReadAsync([charge], CancellationToken.None)).Used);
        }
    }

    [Fact]
    public async Task What_a_killed_replica_held_counts_though_another_slot_gives_back()
    {
        await using LeasedStore store = await LeasedStore.OpenAsync(shared.Cluster.Address);
        Charge rate = LeasedStore.Rate(100, 60, subject: await store.NewKeyAsync());

        // Without a key the slot of the first charge is asked last.
        Charge[] charges = [LeasedStore.Quota(1, 3600, await store.NewKeyAsync()), rate];
        await store.Exact.SpendAsync(TestCharges.Spend(charges), CancellationToken.None);
        await store.Grants.LeaseAsync([new LeaseOrder(rate, 1, 1, 0, default, 0, 6, TimeSpan.FromSeconds(1))], CancellationToken.None);
        await store.PassAsync(TimeSpan.FromSeconds(2));

        var refused = await store.Exact.SpendAsync(TestCharges.Spend(charges), CancellationToken.None);

        Assert.True(refused.Outcomes[0].Refused);
        Assert.Equal(7, refused.Outcomes[1].Used);
        Assert.Equal(7, Assert.Single(await store.Exact.ReadAsync([rate], CancellationToken.None)).Used);
    }

    [Fact]
    public async Task What_is_given_back_is_told_with_what_is_out()
    {
        await using LeasedStore store = await LeasedStore.OpenAsync(shared.Cluster.Address);
        Charge rate = LeasedStore.Rate(100, 60, subject: await store.NewKeyAsync());

        // Without a key the slot of the first charge is asked last.
        Charge[] charges = [LeasedStore.Quota(1, 3600, await store.NewKeyAsync()), rate];
        await store.Exact.SpendAsync(TestCharges.Spend(charges), CancellationToken.None);
        await store.Grants.LeaseAsync([new LeaseOrder(rate, 1, 1, 0, default, 0, 6, TimeSpan.FromSeconds(1))], CancellationToken.None);

        var refused = await store.Exact.SpendAsync(TestCharges.Spend(charges), CancellationToken.None);

        Assert.Equal((7, 93), (refused.Outcomes[1].Used, refused.Outcomes[1].Remaining));
    }
}
