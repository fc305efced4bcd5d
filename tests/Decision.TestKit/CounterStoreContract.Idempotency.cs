using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

public abstract partial class CounterStoreContract
{
    [Fact]
    public async Task SpendAsync_repeated_with_its_idempotency_key_answers_the_same_and_spends_nothing()
    {
        Charge rate = Rate(Subject, "rate", 5);
        Spending spending = Named("once", rate);
        SpendResult first = await SpendAsync(spending);
        Assert.True(await AdmitsAsync(rate));
        Time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMicroseconds(1));

        SpendResult second = await SpendAsync(spending);

        Assert.False(first.IsReplay);
        Assert.Equal(SpendStatus.Done, second.Status);
        Assert.True(second.IsReplay);
        Assert.Equal(first.Outcomes[0], second.Outcomes[0]);
        Assert.Equal(2, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_with_the_idempotency_key_of_another_request_is_a_conflict_and_spends_nothing()
    {
        Charge rate = Rate(Subject, "rate", 5);
        await SpendAsync(Named("once", rate));

        SpendResult second = await SpendAsync(Named("once", rate) with { RequestHash = 8 });

        Assert.Equal(SpendStatus.IdempotencyConflict, second.Status);
        Assert.Equal(1, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_with_an_idempotency_key_older_than_a_minute_spends_again()
    {
        Charge rate = Rate(Subject, "rate", 5, seconds: 1000);
        await SpendAsync(Named("once", rate));
        Time.Advance(TimeSpan.FromSeconds(60));

        SpendResult second = await SpendAsync(Named("once", rate) with { RequestHash = 8 });

        Assert.Equal(SpendStatus.Done, second.Status);
        Assert.False(second.IsReplay);
        Assert.Equal(2, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_with_the_idempotency_key_of_another_key_spends()
    {
        Charge rate = Rate(Subject, "rate", 5);
        await SpendAsync(Named("once", rate));

        SpendResult other = await SpendAsync(Named("once", rate) with { KeyId = Subject.Id + "x" });

        Assert.False(other.IsReplay);
        Assert.Equal(2, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_remembers_a_refusal_too()
    {
        Charge rate = Rate(Subject, "rate", 1, seconds: 10);
        Assert.True(await AdmitsAsync(rate));
        SpendResult first = await SpendAsync(Named("once", rate));
        Time.Advance(TimeSpan.FromSeconds(10));

        SpendResult second = await SpendAsync(Named("once", rate));

        Assert.True(first.Outcomes[0].Refused);
        Assert.True(second.IsReplay);
        Assert.Equal(first.Outcomes[0], second.Outcomes[0]);
        Assert.Equal(0, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_as_peek_is_never_remembered()
    {
        Charge rate = Rate(Subject, "rate", 5);
        await SpendAsync(Named("once", rate) with { IsPeek = true });

        SpendResult result = await SpendAsync(Named("once", rate));

        Assert.False(result.IsReplay);
        Assert.Equal(1, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_of_twins_at_once_spends_once()
    {
        Charge rate = Rate(Subject, "rate", 1_000);
        for (int round = 0; round < 50; round++)
        {
            Spending spending = Named("twins" + round, rate);
            SpendResult[] results = await TogetherAsync(8, _ => SpendAsync(spending));

            Assert.Equal(1, results.Count(result => !result.IsReplay));
            Assert.All(results, result => Assert.Equal(results[0].Outcomes[0], result.Outcomes[0]));
            Assert.Equal(round + 1, await UsedAsync(rate));
        }
    }

    private Spending Named(string name, Charge charge) =>
        Spend(charge) with { IdempotencyKey = name, RequestHash = 7, KeyId = Subject.Id };
}
