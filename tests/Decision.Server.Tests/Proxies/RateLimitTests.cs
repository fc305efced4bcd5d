using System.Globalization;
using Decision.Runtime.Stores;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.RateLimit.V3;
using Microsoft.Extensions.DependencyInjection;
using Code = Envoy.Service.RateLimit.V3.RateLimitResponse.Types.Code;
using RateLimitUnit = Envoy.Type.V3.RateLimitUnit;
using Unit = Envoy.Service.RateLimit.V3.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Decision.Server.Tests.Proxies;

public class RateLimitTests
{
    private const string PerMinute = """{"org_id":"acme","rate":3,"per":60,"access_rights":{"orders":{"api_id":"orders","versions":[]}}}""";
    private const string PerDay = """{"org_id":"acme","rate":-1,"per":1,"quota_max":4,"quota_renewal_rate":86400,"access_rights":{"orders":{"api_id":"orders","versions":[]}}}""";
    private const string Off = """{"org_id":"acme","rate":3,"per":60,"is_inactive":true,"access_rights":{"orders":{"api_id":"orders","versions":[]}}}""";

    private static readonly Dictionary<string, string> Policies = new() { ["minute"] = PerMinute, ["day"] = PerDay, ["off"] = Off, ["small"] = Samples.Small };

    [Fact]
    public async Task Keys_limits_are_spent_and_told()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string key = await server.CreateKeyAsync("minute");

        var first = await AskAsync(server, OfKey(key));
        await AskAsync(server, OfKey(key));
        await AskAsync(server, OfKey(key));
        server.Time.Advance(TimeSpan.FromSeconds(20));
        var over = await AskAsync(server, OfKey(key));

        Assert.Equal(Code.Ok, first.OverallCode);
        var status = Assert.Single(first.Statuses);
        Assert.Equal((Code.Ok, 3u, Unit.Minute, "rate policy:minute", 2u), (
            status.Code, status.CurrentLimit.RequestsPerUnit, status.CurrentLimit.Unit, status.CurrentLimit.Name, status.LimitRemaining));
        Assert.Equal(60, status.DurationUntilReset.Seconds);
        Assert.Equal("\"rate\";r=2;t=60", Headers(first)["ratelimit"]);
        Assert.True(first.RawBody.IsEmpty);

        Assert.Equal((Code.OverLimit, Code.OverLimit, 0u), (over.OverallCode, over.Statuses[0].Code, over.Statuses[0].LimitRemaining));
        Assert.Equal("40", Headers(over)["retry-after"]);
        Assert.Equal("RATE_LIMITED", Headers(over)["x-decision-reason"]);
        Assert.Equal("""{"error": "Rate Limit Exceeded"}""", over.RawBody.ToStringUtf8());
        Assert.Equal("RATE_LIMITED", over.DynamicMetadata.Fields["reason"].StringValue);

        // The same counter as every other way in.
        var native = await server.Client.AuthorizeAsync(Samples.Ask(key));
        Assert.Equal(Contracts.V1.Reason.RateLimited, native.Reason);
    }

    [Fact]
    public async Task A_key_that_the_proxy_proved_is_asked_by_its_id()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string key = await server.CreateKeyAsync("minute");
        string id = key.Substring(3, 16);

        var byId = await AskAsync(server, Descriptor(("key_id", id), ("api_id", "orders"), ("method", "GET"), ("path", "/orders/1")));
        var byText = await AskAsync(server, OfKey(key));
        var nobody = await AskAsync(server, Descriptor(("key_id", "0000000000000000"), ("api_id", "orders"), ("method", "GET")));

        Assert.Equal(2u, byId.Statuses[0].LimitRemaining);
        Assert.Equal(1u, byText.Statuses[0].LimitRemaining);
        Assert.Equal("KEY_UNKNOWN", Headers(nobody)["x-decision-reason"]);
    }

    [Fact]
    public async Task A_policys_limits_are_spent_for_the_other_entries()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);

        var first = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.1")), hits: 2);
        var other = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.2")));
        var otherDomain = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.1")), domain: "elsewhere");
        var joined = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.1;1:x")));
        var over = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.1")), hits: 2);
        var last = await AskAsync(server, Descriptor(("policy", "minute"), ("remote_address", "192.0.2.1")));

        Assert.Equal(1u, first.Statuses[0].LimitRemaining);
        Assert.All([other, otherDomain, joined], answer => Assert.Equal(2u, answer.Statuses[0].LimitRemaining));

        // What was refused spent nothing.
        Assert.Equal((Code.OverLimit, 1u), (over.OverallCode, over.Statuses[0].LimitRemaining));
        Assert.Equal((Code.Ok, 0u), (last.OverallCode, last.Statuses[0].LimitRemaining));
    }

    [Fact]
    public async Task A_limit_of_the_proxys_own_takes_the_place_of_the_policys_rate()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        var descriptor = Descriptor(("policy", "minute"), ("tenant", "a"));
        descriptor.Limit = new RateLimitDescriptor.Types.RateLimitOverride { RequestsPerUnit = 1, Unit = RateLimitUnit.Hour };

        var first = await AskAsync(server, descriptor);
        var second = await AskAsync(server, descriptor);

        Assert.Equal((1u, Unit.Hour), (first.Statuses[0].CurrentLimit.RequestsPerUnit, first.Statuses[0].CurrentLimit.Unit));
        Assert.Equal(Code.OverLimit, second.OverallCode);
    }

    [Fact]
    public async Task All_descriptors_spend_or_none_does()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string minute = await server.CreateKeyAsync("minute");
        string day = await server.CreateKeyAsync("day");
        var tenant = Descriptor(("policy", "day"), ("tenant", "a"));
        await AskAsync(server, OfKey(minute), hits: 3);

        var over = await AskAsync(server, OfKey(day), tenant, OfKey(minute));
        var fits = await AskAsync(server, OfKey(day), tenant);

        Assert.Equal(Code.OverLimit, over.OverallCode);
        Assert.Equal([Code.Ok, Code.Ok, Code.OverLimit], over.Statuses.Select(status => status.Code));
        Assert.Equal([4u, 4u, 0u], over.Statuses.Select(status => status.LimitRemaining));
        Assert.Equal([3u, 3u], fits.Statuses.Select(status => status.LimitRemaining));
        Assert.Equal(Unit.Day, fits.Statuses[0].CurrentLimit.Unit);
    }

    [Fact]
    public async Task Each_descriptor_can_have_a_cost_of_its_own_and_0_only_asks()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        var two = Descriptor(("policy", "day"), ("tenant", "a"));
        two.HitsAddend = 2;
        var none = Descriptor(("policy", "day"), ("tenant", "b"));
        none.HitsAddend = 0;

        var answer = await AskAsync(server, [two, none, Descriptor(("policy", "day"), ("tenant", "c"))], hits: 3);

        Assert.Equal([2u, 4u, 1u], answer.Statuses.Select(status => status.LimitRemaining));

        await AskAsync(server, Descriptor(("policy", "day"), ("tenant", "b")), hits: 4);
        var held = await AskAsync(server, [none, Descriptor(("policy", "day"), ("tenant", "c"))], hits: 1);

        // What only asks has no room: nothing is spent.
        Assert.Equal([Code.OverLimit, Code.Ok], held.Statuses.Select(status => status.Code));
        Assert.Equal(1u, held.Statuses[1].LimitRemaining);
    }

    [Fact]
    public async Task Two_descriptors_on_one_counter_are_added()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string key = await server.CreateKeyAsync("minute");

        var two = await AskAsync(server, OfKey(key), OfKey(key));
        var twoMore = await AskAsync(server, OfKey(key), OfKey(key));
        var one = await AskAsync(server, OfKey(key));

        Assert.Equal([1u, 1u], two.Statuses.Select(status => status.LimitRemaining));
        Assert.Equal(Code.OverLimit, twoMore.OverallCode);
        Assert.Equal((Code.Ok, 0u), (one.OverallCode, one.Statuses[0].LimitRemaining));
    }

    [Fact]
    public async Task What_is_none_of_ours_is_within_its_limit()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string key = await server.CreateKeyAsync("minute");

        var other = await AskAsync(server, Descriptor(("generic_key", "anything")));
        var mixed = await AskAsync(server, Descriptor(("generic_key", "anything")), OfKey(key));

        Assert.Equal((Code.Ok, null), (other.OverallCode, other.Statuses[0].CurrentLimit));
        Assert.Empty(other.ResponseHeadersToAdd);
        Assert.Equal([null, "rate policy:minute"], mixed.Statuses.Select(status => status.CurrentLimit?.Name));
    }

    [Theory]
    [InlineData("api_key=nobody-has-this-key-text|api_id=orders|method=GET", "KEY_UNKNOWN")]
    [InlineData("api_key=|api_id=orders|method=GET", "KEY_MISSING")]
    [InlineData("api_key=KEY|api_id=payments|method=GET", "API_NOT_GRANTED")]
    [InlineData("policy=gone|tenant=a", "POLICY_MISSING")]
    [InlineData("policy=off|tenant=a", "POLICY_INACTIVE")]
    [InlineData("api_key=KEY|api_id=orders", "INVALID_ARGUMENT")]
    [InlineData("api_key=KEY|method=GET", "INVALID_ARGUMENT")]
    [InlineData("api_key=KEY|key_id=KEY|api_id=orders|method=GET", "INVALID_ARGUMENT")]
    [InlineData("api_key=KEY|api_key=KEY|api_id=orders|method=GET", "INVALID_ARGUMENT")]
    [InlineData("policy=|tenant=a", "INVALID_ARGUMENT")]
    public async Task What_is_refused_or_cannot_be_read_is_over_the_limit(string entries, string reason)
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);
        string key = await server.CreateKeyAsync("minute");
        var descriptor = Descriptor([.. entries.Split('|').Select(entry => entry.Replace("KEY", key, StringComparison.Ordinal).Split('='))
            .Select(parts => (parts[0], parts[1]))]);

        var answer = await AskAsync(server, descriptor, OfKey(key));

        Assert.Equal(Code.OverLimit, answer.OverallCode);
        Assert.Equal(2, answer.Statuses.Count);
        Assert.Equal(reason, Headers(answer)["x-decision-reason"]);
        Assert.Contains("error", answer.RawBody.ToStringUtf8(), StringComparison.Ordinal);

        // Nothing was spent for the other one.
        Assert.Equal(2u, (await AskAsync(server, OfKey(key))).Statuses[0].LimitRemaining);
    }

    [Fact]
    public async Task Too_many_descriptors_or_none_are_over_the_limit()
    {
        await using var server = await RunningServer.StartAsync(policies: Policies);

        var none = await AskAsync(server, [], hits: 1);
        var many = await AskAsync(server, [.. Enumerable.Range(0, 51).Select(tenant => Descriptor(("policy", "day"), ("tenant", tenant.ToString(CultureInfo.InvariantCulture))))], hits: 1);
        var most = await AskAsync(server, [.. Enumerable.Range(0, 50).Select(tenant => Descriptor(("policy", "day"), ("tenant", tenant.ToString(CultureInfo.InvariantCulture))))], hits: 1);

        Assert.Equal(Code.OverLimit, none.OverallCode);
        Assert.Equal(Code.OverLimit, many.OverallCode);
        Assert.Equal(Code.Ok, most.OverallCode);
        Assert.All(most.Statuses, status => Assert.Equal(3u, status.LimitRemaining));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_12_ms_is_over_the_limit()
    {
        var hanging = new HangingStore();
        await using var server = await RunningServer.StartAsync(
            policies: Policies, replace: services => services.AddSingleton<ICounterStore>(hanging));
        string key = await server.CreateKeyAsync("minute");

        var asking = AskAsync(server, OfKey(key));
        await hanging.Asked.Task;
        server.Time.Advance(TimeSpan.FromMilliseconds(12));
        var answer = await asking;

        Assert.Equal(Code.OverLimit, answer.OverallCode);
        Assert.Equal("STORE_UNAVAILABLE", Headers(answer)["x-decision-reason"]);
    }

    private static Dictionary<string, string> Headers(RateLimitResponse answer) =>
        answer.ResponseHeadersToAdd.ToDictionary(header => header.Key, header => header.Value);

    private static RateLimitDescriptor OfKey(string key) =>
        Descriptor(("api_key", key), ("api_id", "orders"), ("method", "GET"), ("path", "/orders/1"));

    private static RateLimitDescriptor Descriptor(params (string Key, string Value)[] entries) => new()
    {
        Entries = { entries.Select(entry => new RateLimitDescriptor.Types.Entry { Key = entry.Key, Value = entry.Value }) },
    };

    private static Task<RateLimitResponse> AskAsync(RunningServer server, params RateLimitDescriptor[] descriptors) =>
        AskAsync(server, descriptors, hits: 0);

    private static Task<RateLimitResponse> AskAsync(RunningServer server, RateLimitDescriptor descriptor, uint hits = 0, string domain = "shop") =>
        AskAsync(server, [descriptor], hits, domain);

    private static async Task<RateLimitResponse> AskAsync(RunningServer server, RateLimitDescriptor[] descriptors, uint hits, string domain = "shop") =>
        await new RateLimitService.RateLimitServiceClient(server.Channel).ShouldRateLimitAsync(
            new RateLimitRequest { Domain = domain, HitsAddend = hits, Descriptors = { descriptors } });

    private sealed class HangingStore : ICounterStore
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool ComparesKeys => false;

        public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation)
        {
            var never = new ValueTask<SpendResult>(new TaskCompletionSource<SpendResult>().Task);
            Asked.SetResult();
            return never;
        }

        public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Engine.Charges.Charge> charges, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Engine.Charges.Charge> charges, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<CounterReading> AdjustAsync(Engine.Charges.Charge quota, long delta, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DeleteSubjectAsync(Engine.Charges.Subject subject, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
