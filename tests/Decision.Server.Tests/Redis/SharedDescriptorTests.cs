using Decision.Server.Tests.Admin;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.RateLimit.V3;
using Code = Envoy.Service.RateLimit.V3.RateLimitResponse.Types.Code;

namespace Decision.Server.Tests.Redis;

/// <summary>The rate limit service of three replicas on one Redis.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class SharedDescriptorTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    private const string Unavailable = "STORE_UNAVAILABLE";
    private const int Limit = 40;
    private static int _number;

    private readonly string _id = "d" + Interlocked.Increment(ref _number);

    [Fact]
    public async Task Descriptors_of_a_key_and_of_a_policy_are_spent_together_over_all_replicas()
    {
        string key = await MakeAsync(quota: 2 * Limit);
        string tenants = _id + "-tenants";
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = (tenants, -1, Limit)));
        await UntilAsync(Descriptor(("policy", tenants), ("tenant", "other")), Code.Ok);

        var answers = new List<RateLimitResponse>();
        while (answers.Count(answer => ReasonOf(answer) == "QUOTA_EXCEEDED") < 6)
        {
            answers.Add(await AskAsync(answers.Count, OfKey(key), Descriptor(("policy", tenants), ("tenant", "a"))));
        }

        int admitted = answers.Count(answer => answer.OverallCode == Code.Ok);
        int uncertain = answers.Count(answer => ReasonOf(answer) == Unavailable);
        Assert.InRange(admitted, Limit - uncertain, Limit);
        Assert.All(answers.Where(answer => ReasonOf(answer) == "QUOTA_EXCEEDED"), answer => Assert.Equal([Code.Ok, Code.OverLimit], answer.Statuses.Select(status => status.Code)));

        // The key was charged for what was admitted, not for what its neighbour refused.
        var usage = await replicas.B.Keys.GetUsageAsync(
            new Contracts.Admin.V1.GetUsageRequest { KeyId = key.Substring(3, 16) }, Replica.Admin);
        Assert.InRange(usage.Usages.Single(one => one.Name == "quota").Used, admitted, admitted + uncertain + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_key_that_another_replica_switched_off_is_over_its_limit_at_the_next_request(int place)
    {
        string[] keys = [await MakeAsync(quota: 1000), (await replicas.A.CreateKeyAsync(_id)).ApiKey];
        await UntilAsync(OfKey(keys[1]), Code.Ok);

        await replicas.A.UpdateKeyAsync(new Contracts.Admin.V1.Key { KeyId = keys[place].Substring(3, 16), IsInactive = true }, "is_inactive");
        for (int asked = 0; asked < 20; asked++)
        {
            var answer = await AskAsync(1 + (asked % 2), OfKey(keys[0]), OfKey(keys[1]));

            Assert.Equal(Code.OverLimit, answer.OverallCode);
            Assert.Contains(ReasonOf(answer), (string[])["KEY_INACTIVE", Unavailable]);
        }
    }

    private async Task<string> MakeAsync(long quota)
    {
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = (_id, -1, quota)));
        string key = (await replicas.A.CreateKeyAsync(_id)).ApiKey;
        await InForce.OnAsync(replicas.All, Samples.Ask(key), verdict => verdict.Allowed, InForce.BoundOfPush);
        await replicas.A.Keys.ResetUsageAsync(new Contracts.Admin.V1.ResetUsageRequest { KeyId = key.Substring(3, 16) }, Replica.Admin);
        return key;
    }

    private async Task UntilAsync(RateLimitDescriptor descriptor, Code code)
    {
        for (int replica = 0; replica < 3; replica++)
        {
            await Eventually.IsAsync(async () => (await AskAsync(replica, descriptor)).OverallCode, told => told == code);
        }
    }

    private async Task<RateLimitResponse> AskAsync(int replica, params RateLimitDescriptor[] descriptors) =>
        await new RateLimitService.RateLimitServiceClient(replicas.All[replica % 3].Channel).ShouldRateLimitAsync(
            new RateLimitRequest { Domain = "shop", Descriptors = { descriptors } });

    private static string ReasonOf(RateLimitResponse answer) =>
        answer.ResponseHeadersToAdd.Single(header => header.Key == "x-decision-reason").Value;

    private static RateLimitDescriptor OfKey(string key) => Descriptor(("api_key", key), ("api_id", "orders"), ("method", "GET"), ("path", "/"));

    private static RateLimitDescriptor Descriptor(params (string Key, string Value)[] entries) => new()
    {
        Entries = { entries.Select(entry => new RateLimitDescriptor.Types.Entry { Key = entry.Key, Value = entry.Value }) },
    };
}
