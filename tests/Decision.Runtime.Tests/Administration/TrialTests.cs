using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>What moves the end of a key whose policy is a trial, after its creation.</summary>
public sealed class TrialTests
{
    private const long Week = 604_800;

    [Theory]
    [InlineData(false, 0L, Week)]
    [InlineData(false, -1L, Week)]
    [InlineData(false, 4_000_000_000L, Week)]
    [InlineData(true, 0L, Week)]
    [InlineData(true, -1L, null)]
    public async Task While_a_trial_applies_only_a_named_end_moves_it_and_0_is_none(bool namesExpires, long expires, long? secondsLater)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Trial("trial", Week));
        long start = runtime.NowSeconds;
        runtime.Time.Advance(TimeSpan.FromSeconds(100));

        UpdatedKey updated = await runtime.UpdateAsync(key, before => before with { Expires = expires }, namesExpires);

        Assert.Equal(secondsLater is { } seconds ? start + seconds : -1, updated.Record.Key.Expires);
        runtime.Time.Advance(TimeSpan.FromSeconds(Week));
        Assert.Equal(secondsLater is null ? Reason.Allowed : Reason.KeyExpired, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_named_end_replaces_the_trials_and_stays_at_later_updates()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Trial("trial", Week));
        long chosen = runtime.NowSeconds + (2 * Week);

        await runtime.UpdateAsync(key, before => before with { Expires = chosen }, namesExpires: true);
        UpdatedKey later = await runtime.UpdateAsync(key, before => before with { Alias = "x", Expires = 0 });

        Assert.Equal(chosen, later.Record.Key.Expires);
        Assert.Equal(chosen * 1_000_000, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
    }

    [Theory]
    [InlineData(true, 0L, 0L)]
    [InlineData(true, -1L, 0L)]
    [InlineData(false, 0L, Week)]
    [InlineData(false, -1L, Week)]
    public async Task Taking_the_last_trial_away_lifts_the_end_only_where_expires_is_named(bool namesExpires, long expires, long secondsLater)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Trial("trial", Week));
        long start = runtime.NowSeconds;

        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = ["gold"], Expires = expires }, namesExpires);

        Assert.Equal(secondsLater == 0 ? 0 : (start + secondsLater) * 1_000_000, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
    }

    [Fact]
    public async Task Taking_one_of_two_trials_away_lifts_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Trial("week", Week));
        await runtime.CreateAsync(Sample.Trial("month", 30 * 86_400));
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("week", "month"));

        UpdatedKey updated = await runtime.UpdateAsync(key, before => before with { ApplyPolicies = ["month"], Expires = 0 }, namesExpires: true);

        Assert.Equal(key.Record.Key.Expires, updated.Record.Key.Expires);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trial_added_later_counts_from_the_keys_creation(bool namesExpires)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Trial("trial", Week));
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        long created = runtime.NowSeconds;
        runtime.Time.Advance(TimeSpan.FromSeconds(100));

        await runtime.UpdateAsync(key, before => before with { ApplyPolicies = ["gold", "trial"] }, namesExpires);

        Assert.Equal((created + Week) * 1_000_000, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
    }

    [Fact]
    public async Task A_trial_that_was_switched_off_at_the_creation_counts_from_it_when_it_loads()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Trial("trial", Week) with { Active = false });
        await runtime.CreateAsync(Sample.Policy("gold"));
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold", "trial") with { Expires = -1 });
        long created = runtime.NowSeconds;
        Assert.Equal(0, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
        runtime.Time.Advance(TimeSpan.FromDays(6));

        await runtime.EditAsync("trial", policy => policy with { Active = true });

        Assert.Equal((created + Week) * 1_000_000, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
        runtime.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal((Reason.KeyExpired, "trial"), await runtime.AskAsync(key) is var verdict ? (verdict.Reason, verdict.Origin) : default);
    }

    [Fact]
    public async Task A_settled_trial_does_not_move_when_its_policy_is_edited()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Trial("trial", Week));

        await runtime.EditAsync("trial", policy => policy with { KeyExpiresIn = 10 * Week });

        Assert.Equal(key.Record.Key.Expires * 1_000_000, (await runtime.AskAsync(key)).Grant!.ExpiresUs);
    }
}
