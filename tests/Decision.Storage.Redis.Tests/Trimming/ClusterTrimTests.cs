using System.Globalization;
using Decision.Engine.Charges;
using Decision.Storage.Redis.Tests.Cluster;
using Decision.Storage.Redis.Trimming;
using static Decision.Storage.Redis.Tests.Trimming.TrimmedStore;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Trimming;

[Collection(SharedCluster.Name)]
public class ClusterTrimTests(SharedCluster shared)
{
    [Fact]
    public async Task Counters_leave_on_every_master()
    {
        await using TrimmedStore store = await OpenAsync(shared.Cluster.Address);
        Subject[] subjects = [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? Key("k" + i) : new Subject(SubjectKind.Organization, "o" + i))];
        foreach (Subject subject in subjects)
        {
            await store.SpendAsync(Rate(subject, "rate", 10));
        }

        var masters = subjects.Select(subject => (store.Database.Multiplexer.GetHashSlot(store.NameOf(subject)) / 5_461).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(3, masters.Distinct().Count());
        await store.SpendAsync(Quota(Key("k0"), "quota", 10, 90 * 86_400));
        store.Time.NowUs += 3 * DayUs;

        Assert.Equal(new TrimReport(60, 0), await store.SweepAsync());

        Assert.Contains("c/quota", await store.FieldsAsync(Key("k0")));
        foreach (Subject subject in subjects.Skip(1))
        {
            Assert.Empty(await store.FieldsAsync(subject));
        }
    }
}
