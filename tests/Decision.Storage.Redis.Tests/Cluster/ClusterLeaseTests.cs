using Decision.Engine.Charges;
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
}
