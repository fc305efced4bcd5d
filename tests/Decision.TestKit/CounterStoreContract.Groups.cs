using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

public abstract partial class CounterStoreContract
{
    [Fact]
    public async Task SpendAsync_group_of_many_charges_with_costs_is_all_or_none()
    {
        Charge[] charges = [.. Enumerable.Range(0, 12).Select(i => Rate(new Subject(SubjectKind.Key, "group" + (i / 3)), "rate" + i, 10))];
        Spending spending = new() { Charges = List(charges), Cost = 1, Costs = [.. Enumerable.Range(0, 12).Select(i => (long)(i % 4) + 1)] };

        SpendResult twice = default;
        for (int sent = 0; sent < 2; sent++)
        {
            twice = await SpendAsync(spending);
        }

        // The dearest charge has no room for a third time.
        SpendResult refused = await SpendAsync(spending);

        Assert.Equal([2, 4, 6, 8, 2, 4, 6, 8, 2, 4, 6, 8], Enumerable.Range(0, 12).Select(i => twice.Outcomes[i].Used));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 4 == 3), Enumerable.Range(0, 12).Select(i => refused.Outcomes[i].Refused));
        for (int i = 0; i < charges.Length; i++)
        {
            Assert.Equal(2 * ((i % 4) + 1), await UsedAsync(charges[i]));
        }
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(1L, 0L)]
    [InlineData(1L, 2L, 3L)]
    public async Task SpendAsync_of_costs_that_do_not_fit_the_charges_is_rejected(params long[] costs)
    {
        Charge first = Rate(Subject, "rate", 5), second = Rate(Subject, "other", 5);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await SpendAsync(new Spending { Charges = List(first, second), Cost = 1, Costs = costs }));

        Assert.Equal((0, 0), (await UsedAsync(first), await UsedAsync(second)));
    }
}
