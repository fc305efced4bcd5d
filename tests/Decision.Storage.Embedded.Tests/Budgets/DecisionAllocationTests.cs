using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Hosting;
using Decision.Runtime.Metrics;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Decision.Storage.Embedded.Tests.Budgets;

/// <summary>Decisions whose key and counters are in memory allocate nothing: the budget is 0 bytes, not few.</summary>
public sealed class DecisionAllocationTests
{
    private const string PolicyId = "budget";
    private const string ApiId = "orders";
    private const string Path = "/orders/4711/items";

    private static readonly RateSettings Rate = new(1_000, 1);
    private static readonly QuotaSettings Quota = new(1_000_000_000, 86_400);

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void AdmitAndConclude_allocates_nothing(int urls)
    {
        var policies = new PolicySet([new PolicyEntry(Policy(Rate, Quota, urls), 1, "store")]);
        var rules = RuleSet.Empty with { Policies = policies };
        var grant = GrantCompiler.Compile(new Key { Id = "key", ApplyPolicies = [PolicyId] }, policies, GrantOptions.Default);
        var request = new AccessRequest(ApiId, "GET", Path);
        int allowed = 0;

        long bytes = Allocations.SteadyStateOf(() =>
        {
            var admission = DecisionEngine.Admit(in request, rules, KeyPresence.Found, grant, 1_790_000_000_000_000);
            allowed += DecisionEngine.Conclude(in admission, default).IsAllowed && admission.Charges.Count == 2 ? 1 : 0;
        });

        Assert.Equal(0, bytes);
        Assert.True(allowed >= Allocations.Operations);
    }

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public async Task SpendAsync_on_a_rate_and_a_quota_allocates_nothing(RateAlgorithm algorithm)
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(System.IO.Path.Combine(folder.Path, "decision.db"));
        var store = host.Services.GetRequiredService<ICounterStore>();
        var subject = TestCharges.Key("budget");
        var spending = TestCharges.Spend(
            TestCharges.Rate(subject, "rate/key", 1_000, seconds: 1, algorithm), TestCharges.Quota(subject, "quota/key", 1_000_000_000));
        int refused = 0;

        long bytes = Allocations.SteadyStateOf(() => refused += Spend(store, in spending) ? 0 : 1);

        Assert.Equal(0, bytes);
        Assert.Equal(0, refused);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("rate", Reason.Allowed)]
    [InlineData("rate, quota", Reason.Allowed)]
    [InlineData("rate, quota, 50 urls", Reason.Allowed)]
    [InlineData("rate, quota, custom key", Reason.Allowed)]
    [InlineData("rate of 1", Reason.RateLimited)]
    public async Task DecideAsync_with_a_cached_grant_allocates_nothing(string limits, Reason expected)
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(System.IO.Path.Combine(folder.Path, "decision.db"));
        using var listener = Listen();
        var decisions = host.Services.GetRequiredService<DecisionRuntime>();
        var call = new DecisionCall { Request = new AccessRequest(ApiId, "GET", Path), ApiKey = await CreateKeyAsync(host, limits) };
        await decisions.DecideAsync(in call, CancellationToken.None);
        int others = 0;

        long bytes = Allocations.SteadyStateOf(() => others += Decide(decisions, in call) == expected ? 0 : 1);

        Assert.Equal(0, bytes);
        Assert.Equal(0, others);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("rate, quota", Reason.Allowed)]
    [InlineData("rate of 1", Reason.RateLimited)]
    public async Task DecideAsync_with_use_thresholds_and_refusals_watched_allocates_nothing(string limits, Reason expected)
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(System.IO.Path.Combine(folder.Path, "decision.db"), new ObservationOptions
        {
            HasRefusals = true,
            Usage = new UsageOptions { Days = 1, FlushInterval = TimeSpan.FromMinutes(10) },
            QuotaThresholds = [0.000_001, 100],
        });
        var decisions = host.Services.GetRequiredService<DecisionRuntime>();
        var call = new DecisionCall { Request = new AccessRequest(ApiId, "GET", Path), ApiKey = await CreateKeyAsync(host, limits) };
        await decisions.DecideAsync(in call, CancellationToken.None);
        await decisions.DecideAsync(in call, CancellationToken.None);
        int others = 0;

        long bytes = Allocations.SteadyStateOf(() => others += Decide(decisions, in call) == expected ? 0 : 1);

        Assert.Equal(0, bytes);
        Assert.Equal(0, others);
        await host.StopAsync();
    }

    private static bool Spend(ICounterStore store, in Spending spending)
    {
        var spent = store.SpendAsync(in spending, CancellationToken.None);
        return spent.IsCompletedSuccessfully && !spent.GetAwaiter().GetResult().Outcomes[0].Refused;
    }

    private static Reason Decide(DecisionRuntime decisions, in DecisionCall call)
    {
        var decided = decisions.DecideAsync(in call, CancellationToken.None);
        return decided.IsCompletedSuccessfully ? decided.GetAwaiter().GetResult().Reason : Reason.Unspecified;
    }

    private static Policy Policy(RateSettings rate, QuotaSettings quota, int urls) => new()
    {
        Id = PolicyId,
        Limits = new LimitSettings { Rate = rate, Quota = quota },
        AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal).Add(ApiId, new AccessRight
        {
            ApiId = ApiId,
            Versions = ["Default"],
            AllowedUrls = [.. Enumerable.Range(1, urls).Select(n => new AllowedUrl(n == urls ? "/orders/{id}/items" : $"/other-{n}/{{id}}", ["GET"]))],
        }),
    };

    private static async Task<string> CreateKeyAsync(IHost host, string limits)
    {
        var policy = Policy(
            limits == "rate of 1" ? new RateSettings(1, 300_000_000) : Rate,
            limits.Contains("quota", StringComparison.Ordinal) ? Quota : QuotaSettings.None,
            limits.EndsWith("urls", StringComparison.Ordinal) ? 50 : 0);
        await host.Services.GetRequiredService<PolicyAdministration>().CreateAsync(policy, CancellationToken.None);
        var created = await host.Services.GetRequiredService<KeyAdministration>().CreateAsync(
            new Key { ApplyPolicies = [PolicyId] },
            limits.EndsWith("custom key", StringComparison.Ordinal) ? "a-custom-key-of-32-characters-00" : "",
            allowsUnknownPolicies: false,
            CancellationToken.None);
        return created.ApiKey;
    }

    // A spending reads the clock once, a decision twice: a window of a second holds 250 to 500 of them, and slides all the time.
    private static async Task<IHost> StartAsync(string path, ObservationOptions? observation = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(new SteppingTime(TimeSpan.FromMilliseconds(2)));
        builder.Services.AddDecisionRuntime(options => options.SecretsKey = new byte[32]);
        builder.Services.AddEmbeddedStorage(options => options.Path = path);
        if (observation is not null)
        {
            builder.Services.AddObservation(observation);
        }

        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    // As under an exporter: without a listener the histogram would not be recorded.
    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == DecisionMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }
}
