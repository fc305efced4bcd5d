using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>Calls that are named, so that a repetition is not a second request.</summary>
public sealed class IdempotencyTests
{
    private const int Rounds = 10;

    [Fact]
    public async Task The_same_name_gets_the_same_answer_and_spends_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));

        Verdict first = await runtime.AskAsync(Named(key, "a"));
        Verdict second = await runtime.AskAsync(Named(key, "a"));

        Assert.Equal((false, true), (first.IsReplay, second.IsReplay));
        Assert.Equal((first.Reason, first.Outcomes[0]), (second.Reason, second.Outcomes[0]));
        Assert.Equal(["quota policy:gold 1/5"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task Another_name_no_name_and_another_key_spend_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        CreatedKey other = await runtime.CreateKeyAsync(Sample.Key("gold"));

        Verdict[] verdicts =
        [
            await runtime.AskAsync(Named(key, "a")),
            await runtime.AskAsync(Named(key, "b")),
            await runtime.AskAsync(Named(key, "")),
            await runtime.AskAsync(Named(key, null)),
            await runtime.AskAsync(Named(other, "a")),
        ];

        Assert.All(verdicts, verdict => Assert.False(verdict.IsReplay));
        Assert.Equal(["quota policy:gold 4/5"], await runtime.UsageAsync(key));
        Assert.Equal(["quota policy:gold 1/5"], await runtime.UsageAsync(other));
    }

    [Theory]
    [InlineData("path")]
    [InlineData("method")]
    [InlineData("cost")]
    public async Task The_name_of_another_request_is_refused_and_spends_nothing(string what)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        DecisionCall call = Named(key, "a");
        await runtime.AskAsync(call);
        AccessRequest other = what switch
        {
            "path" => call.Request with { Path = "/2" },
            "method" => call.Request with { Method = "POST" },
            _ => call.Request with { Cost = 2 },
        };

        CallException error = await Assert.ThrowsAsync<CallException>(() => runtime.AskAsync(call with { Request = other }));

        Assert.Equal("idempotency_key", error.Field);
        Assert.Equal(["quota policy:gold 1/5"], await runtime.UsageAsync(key));
        Assert.True((await runtime.AskAsync(call)).IsReplay);
    }

    [Fact]
    public async Task After_60_seconds_the_name_spends_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        await runtime.AskAsync(Named(key, "a"));

        runtime.Time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMicroseconds(1));
        Verdict before = await runtime.AskAsync(Named(key, "a"));
        runtime.Time.Advance(TimeSpan.FromMicroseconds(1));
        Verdict after = await runtime.AskAsync(Named(key, "a"));

        Assert.Equal((true, false), (before.IsReplay, after.IsReplay));
        Assert.Equal(["quota policy:gold 2/5"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task A_denial_is_repeated_too_also_when_there_is_room_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 1, per: 10));
        await runtime.AskAsync(key);
        Verdict first = await runtime.AskAsync(Named(key, "a"));

        runtime.Time.Advance(TimeSpan.FromSeconds(11));
        Verdict second = await runtime.AskAsync(Named(key, "a"));

        Assert.Equal((Reason.RateLimited, false), (first.Reason, first.IsReplay));
        Assert.Equal((Reason.RateLimited, true), (second.Reason, second.IsReplay));
        Assert.Equal(first.RetryAfterUs, second.RetryAfterUs);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task Twins_at_the_same_time_spend_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 1000));
        using Barrier barrier = new(4);

        Verdict[][] verdicts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                Verdict[] own = new Verdict[Rounds];
                for (int round = 0; round < own.Length; round++)
                {
                    DecisionCall call = Named(key, $"round-{round}");
                    barrier.SignalAndWait();
                    own[round] = runtime.AskAsync(call).GetAwaiter().GetResult();
                }

                return own;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        for (int round = 0; round < Rounds; round++)
        {
            Assert.Single(verdicts, own => !own[round].IsReplay);
            Assert.Single(verdicts.Select(own => own[round].Outcomes[0]).Distinct());
        }

        Assert.Equal([$"quota policy:gold {Rounds}/1000"], await runtime.UsageAsync(key));
    }

    [Fact]
    public async Task A_peek_neither_takes_nor_leaves_a_name()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));

        Verdict peek = await runtime.AskAsync(Named(key, "a") with { IsPeek = true });
        Verdict spent = await runtime.AskAsync(Named(key, "a"));

        Assert.Equal((false, false), (peek.IsReplay, spent.IsReplay));
        Assert.Equal(["quota policy:gold 1/5"], await runtime.UsageAsync(key));
    }

    private static DecisionCall Named(CreatedKey key, string? name) => Sample.Call(key.ApiKey) with { IdempotencyKey = name };
}
