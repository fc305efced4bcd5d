using Decision.Engine;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>What becomes of a key after it expired.</summary>
public sealed class ExpiredKeyTests
{
    private const long Day = 86_400;

    [Theory]
    [InlineData("", 0, Reason.KeyExpired, Reason.KeyExpired)]
    [InlineData("retain", 0, Reason.KeyExpired, Reason.KeyExpired)]
    [InlineData("retain", -1, Reason.KeyExpired, Reason.KeyExpired)]
    [InlineData("retain", Day, Reason.KeyExpired, Reason.KeyUnknown)]
    [InlineData("delete", 0, Reason.KeyUnknown, Reason.KeyUnknown)]
    [InlineData("delete", Day, Reason.KeyUnknown, Reason.KeyUnknown)]
    public async Task An_expired_key_is_kept_or_gone_as_it_says(string action, long grace, Reason atOnce, Reason aDayLater)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with
        {
            Expires = runtime.NowSeconds + 100,
            PostExpiryAction = action,
            PostExpiryGracePeriod = grace,
        });
        runtime.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);

        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(atOnce, (await runtime.AskAsync(key)).Reason);

        runtime.Time.Advance(TimeSpan.FromSeconds(Day));
        Assert.Equal(aDayLater, (await runtime.AskAsync(key)).Reason);

        // The hourly pass may have been there first, now that the clock moved.
        await runtime.ExpiredKeys.SweepAsync(CancellationToken.None);
        Assert.Equal(aDayLater == Reason.KeyUnknown ? 0 : 1, await runtime.KeyStore.CountAsync(KeyFilter.All, CancellationToken.None));
        Assert.Equal(aDayLater, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_policy_s_word_counts_before_the_key_s_and_bites_at_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        Policy gold = Sample.Policy("gold");
        await runtime.CreateAsync(gold);
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold") with
        {
            Expires = runtime.NowSeconds + 100,
            PostExpiryAction = "retain",
            PostExpiryGracePeriod = -1,
        });
        runtime.Time.Advance(TimeSpan.FromSeconds(101));
        Assert.Equal(Reason.KeyExpired, (await runtime.AskAsync(key)).Reason);

        await runtime.Policies.UpdateAsync("gold", policy => policy with { PostExpiryAction = "delete" }, "", CancellationToken.None);

        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_key_that_never_expires_is_never_removed()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { PostExpiryAction = "delete" });
        runtime.Time.Advance(TimeSpan.FromDays(2));

        await runtime.ExpiredKeys.SweepAsync(CancellationToken.None);

        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_sweep_looks_at_every_page_and_takes_only_what_is_due()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        for (int number = 0; number < 1_001; number++)
        {
            await runtime.CreateKeyAsync(Sample.OwnKey() with
            {
                Expires = runtime.NowSeconds + 10,
                PostExpiryAction = number % 2 == 0 ? "delete" : "",
            });
        }

        runtime.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(501, await runtime.ExpiredKeys.SweepAsync(CancellationToken.None));
        Assert.Equal(500, await runtime.KeyStore.CountAsync(KeyFilter.All, CancellationToken.None));
    }
}
