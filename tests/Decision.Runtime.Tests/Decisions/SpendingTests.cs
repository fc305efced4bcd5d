using System.Diagnostics.Metrics;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Organizations;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Metrics;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>What a decision spends, and what its verdict says of it.</summary>
public sealed class SpendingTests
{
    [Fact]
    public async Task A_peek_answers_like_a_request_and_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 2, quota: 1));
        DecisionCall peek = Sample.Call(key.ApiKey) with { IsPeek = true };

        Verdict[] peeks = [await runtime.AskAsync(peek), await runtime.AskAsync(peek), await runtime.AskAsync(peek)];
        Verdict spent = await runtime.AskAsync(key);
        Verdict after = await runtime.AskAsync(peek);

        Assert.All(peeks, verdict => Assert.Equal((Reason.Allowed, 1L), (verdict.Reason, verdict.Outcomes[1].Remaining)));
        Assert.Equal(Reason.Allowed, spent.Reason);
        Assert.Equal(Reason.QuotaExceeded, after.Reason);
        Assert.Equal(["rate policy:gold 1/2", "quota policy:gold 1/1"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task The_verdict_carries_grant_right_API_charges_and_outcomes()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Organizations.CreateAsync(
            new Organization { Id = "acme", Rate = new RateSettings(100, 60), Quota = new QuotaSettings(50, 3600) }, CancellationToken.None);
        await runtime.Apis.CreateAsync(
            new Api { Id = "orders", OrganizationId = "acme", Rate = new RateSettings(40, 60) }, CancellationToken.None);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 30, quota: 20) with { OrganizationId = "acme" });

        DecisionCall call = Sample.Call(key.ApiKey);
        Verdict verdict = await runtime.AskAsync(call with { Request = call.Request with { Cost = 3 } });

        Assert.True(verdict.IsAllowed);
        Assert.Equal((key.Record.Key.Id, "orders"), (verdict.Grant!.KeyId, verdict.Api!.Api.Id));
        Assert.Same(verdict.Grant.Find("orders"), verdict.ApiGrant);
        Assert.Equal(
            ["rate organization 3 97", "quota organization 3 47", "rate api_wide:orders 3 37", "rate policy:gold 3 27", "quota policy:gold 3 17"],
            Enumerable.Range(0, verdict.Charges.Count).Select(index =>
                $"{verdict.Charges[index].Name} {verdict.Charges[index].Scope} {verdict.Outcomes[index].Used} {verdict.Outcomes[index].Remaining}"));
        Assert.Equal(3_600_000_000, verdict.Outcomes[4].ResetUs);
    }

    [Fact]
    public async Task A_refusal_names_its_origin_and_the_longest_wait_and_spends_nowhere()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 1, per: 60, quota: 1, renewal: 3600));

        Reason[] reasons = await runtime.AskAsync(key, 2);
        Verdict refused = await runtime.AskAsync(key);

        Assert.Equal([Reason.Allowed, Reason.RateLimited], reasons);
        Assert.Equal((Reason.RateLimited, "gold", 3_600_000_000), (refused.Reason, refused.Origin, refused.RetryAfterUs));
        Assert.Equal(["rate policy:gold 1/1", "quota policy:gold 1/1"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task A_cost_above_the_whole_limit_is_refused_without_a_time_to_retry()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5));
        DecisionCall call = Sample.Call(key.ApiKey);

        Verdict verdict = await runtime.AskAsync(call with { Request = call.Request with { Cost = 6 } });

        Assert.Equal((Reason.RateLimited, 0), (verdict.Reason, verdict.RetryAfterUs));
        Assert.Equal(["rate policy:gold 0/5"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task Keys_of_one_pattern_share_their_counters_and_others_do_not()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold", quota: 3));
        CreatedKey[] keys = new CreatedKey[3];
        foreach ((int index, string developer) in new[] { "ann", "ann", "bob" }.Index())
        {
            keys[index] = await runtime.CreateKeyAsync(Sample.Key("gold") with
            {
                Metadata = Sample.Metadata(("rate_limit_pattern", "$tyk_meta.developer"), ("developer", developer)),
            });
        }

        Assert.Equal([Reason.Allowed, Reason.Allowed], await runtime.AskAsync(keys[0], 2));
        Assert.Equal([Reason.Allowed, Reason.QuotaExceeded], await runtime.AskAsync(keys[1], 2));
        Assert.Equal([Reason.QuotaExceeded], await runtime.AskAsync(keys[0], 1));
        Assert.Equal([Reason.Allowed], await runtime.AskAsync(keys[2], 1));
    }

    [Fact]
    public async Task The_first_request_of_a_period_starts_it()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5, renewal: 100));
        runtime.Time.Advance(TimeSpan.FromSeconds(42));

        Verdict verdict = await runtime.AskAsync(key);
        CounterReading reading = Assert.Single(await runtime.Keys.GetUsageAsync(key.Record.Key.Id, CancellationToken.None));

        Assert.Equal((4, 100_000_000), (verdict.Outcomes[0].Remaining, verdict.Outcomes[0].ResetUs));
        Assert.Equal(runtime.Time.NowUs() + 100_000_000, reading.PeriodEndUs);
    }

    [Fact]
    public async Task A_call_given_up_before_it_began_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        DecisionCall call = Sample.Call(key.ApiKey);

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await runtime.Runtime.DecideAsync(in call, new CancellationToken(true)));

        Assert.Equal(["quota policy:gold 0/5"], await runtime.UsageAsync(key));
        Assert.Equal(0, runtime.Metrics.Count(Reason.Allowed));
    }

    [Fact]
    public async Task A_call_given_up_while_its_key_is_read_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        DecisionCall call = Sample.Call(key.ApiKey);
        using CancellationTokenSource caller = new();
        runtime.KeyStore.BeforeFind = caller.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await runtime.Runtime.DecideAsync(in call, caller.Token));

        Assert.Equal(0, runtime.Counters.Spendings);
    }

    [Fact]
    public async Task A_call_given_up_after_its_key_was_read_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        DecisionCall call = Sample.Call(key.ApiKey);
        using CancellationTokenSource caller = new();
        runtime.KeyStore.AfterFind = caller.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await runtime.Runtime.DecideAsync(in call, caller.Token));

        Assert.Equal(0, runtime.Counters.Spendings);
    }

    [Fact]
    public async Task A_key_that_the_counters_say_was_changed_is_read_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        await runtime.AskAsync(key);
        List<(string?, ulong)> asked = [];
        runtime.Counters.Instead = spending =>
        {
            asked.Add((spending.KeyId, spending.KeyVersion));
            return asked.Count == 1 ? new SpendResult(SpendStatus.KeyChanged, default) : null;
        };

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((Reason.Allowed, 3L), (verdict.Reason, verdict.Outcomes[0].Remaining));
        Assert.Equal([(key.Record.Key.Id, key.Record.Version), (key.Record.Key.Id, key.Record.Version)], asked);
        Assert.Equal(2, runtime.KeyStore.Finds.Count);
    }

    [Fact]
    public async Task A_key_that_changes_at_every_attempt_is_an_answer_and_no_endless_wait()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        runtime.Counters.Instead = _ => new SpendResult(SpendStatus.KeyChanged, default);

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((Reason.StoreUnavailable, true, 3), (verdict.Reason, verdict.IsDegraded, runtime.Counters.Spendings));
    }

    [Fact]
    public async Task Explain_says_every_step_and_every_counter_and_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 1));
        await runtime.AskAsync(key);
        await runtime.UpdateAsync(key, before => before with { IsInactive = true });

        Explanation explanation = await runtime.Runtime.ExplainAsync(Sample.Call(key.ApiKey), "", CancellationToken.None);

        Assert.Equal((Reason.KeyInactive, false), (explanation.Verdict.Reason, explanation.Verdict.IsAllowed));
        Assert.Equal((1, 0L), (explanation.Verdict.Charges.Count, explanation.Verdict.Outcomes[0].Remaining));
        Assert.Equal(DecisionEngine.Order.Length, explanation.Findings.Length);
        Assert.Equal([Reason.KeyInactive], explanation.Findings.Select(finding => finding.Reason).Where(reason => reason != Reason.Allowed));
        Assert.Equal(1, runtime.Metrics.Count(Reason.Allowed));
    }

    [Fact]
    public async Task Decisions_are_counted_by_their_reason()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 2));

        await runtime.AskAsync(key, 5);
        await runtime.AskAsync("");
        await runtime.AskAsync(key, api: "billing");

        Assert.Equal(
            (2, 3, 1, 1, 0),
            (runtime.Metrics.Count(Reason.Allowed), runtime.Metrics.Count(Reason.RateLimited), runtime.Metrics.Count(Reason.KeyMissing),
                runtime.Metrics.Count(Reason.ApiNotGranted), runtime.Metrics.Count(Reason.KeyUnknown)));
    }

    [Fact]
    public async Task What_a_shadow_would_have_refused_is_allowed_counted_and_logged()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: 1) with { Behavior = new LimitBehavior(null, null, null, null, Enforcement.Shadow) });
        await runtime.AskAsync(key);

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((true, Reason.Allowed, Reason.RateLimited), (verdict.IsAllowed, verdict.Reason, verdict.ShadowedReason));
        Assert.Equal(["rate policy:gold 1/1"], await runtime.UsageAsync(key));
        Assert.Equal([$"Key {key.Record.Key.Id} would have been refused (RateLimited); the limit is in shadow. "], runtime.Log.Of("Shadowed"));
        Assert.Equal(1, Observe("decision.shadowed", ("reason", "RATE_LIMITED"), runtime));
        Assert.Equal(2, Observe("decision.decisions", ("reason", "ALLOWED"), runtime));
    }

    // Other tests have meters of the same name; only this runtime's is listened to.
    private static long Observe(string instrument, (string Name, string Value) label, TestRuntime runtime)
    {
        long found = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (published, self) =>
        {
            if (published.Name == instrument && published.Meter.Name == DecisionMetrics.MeterName && ReferenceEquals(published.Meter.Scope, runtime.Meters))
            {
                self.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                found += tag.Key == label.Name && Equals(tag.Value, label.Value) ? value : 0;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }
}
