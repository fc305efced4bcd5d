using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Redis;

/// <summary>What one replica writes about a key, the others go by at the very next request, though they have the key in memory.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class KeyChangeTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    // A change that were only pushed would now and then come too late.
    private const int Rounds = 20;

    private static int _number;

    private readonly string _policy = "p" + Interlocked.Increment(ref _number);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_key_is_unknown_to_the_others_at_once(bool isLimited)
    {
        await MakePolicyAsync(isLimited);

        for (int round = 0; round < Rounds; round++)
        {
            await DeleteAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disabled_key_is_refused_and_enabled_again_admitted_by_the_others_at_once(bool isLimited)
    {
        await MakePolicyAsync(isLimited);
        var key = await WarmKeyAsync();

        for (int round = 0; round < Rounds; round++)
        {
            await DisableAndEnableAsync(key);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotated_key_s_old_secret_is_unknown_and_the_new_one_admitted_by_the_others_at_once(bool isLimited)
    {
        await MakePolicyAsync(isLimited);
        var key = await WarmKeyAsync();

        for (int round = 0; round < Rounds; round++)
        {
            key.ApiKey = await RotateAsync(key);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Narrowed_key_is_refused_and_widened_again_admitted_by_the_others_at_once(bool isLimited)
    {
        await MakePolicyAsync(isLimited);
        var key = await WarmKeyAsync(new Key { OrgId = "acme", AccessRights = { ["orders"] = new AccessRight() }, Rate = isLimited ? 1000 : -1, Per = 1 });

        for (int round = 0; round < Rounds; round++)
        {
            await NarrowAndWidenAsync(key);
        }
    }

    [Fact]
    public async Task Changes_bite_at_once_without_any_push()
    {
        await MakePolicyAsync(isLimited: true);
        await replicas.ForbidPushAsync();
        try
        {
            await DeleteAsync();
            var key = await WarmKeyAsync();
            await DisableAndEnableAsync(key);
            await RotateAsync(key);
            await NarrowAndWidenAsync(await WarmKeyAsync(new Key { OrgId = "acme", AccessRights = { ["orders"] = new AccessRight() }, Rate = -1 }));
        }
        finally
        {
            await replicas.AllowPushAsync();
        }
    }

    [Fact]
    public async Task Idempotency_key_used_on_one_replica_is_answered_again_by_the_others_without_spending()
    {
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = (_policy, -1, 5)));
        var key = await WarmKeyAsync(peek: true);
        var request = Samples.Ask(key.ApiKey, ask => (ask.Cost, ask.IdempotencyKey) = (2, "order-17"));

        var first = await replicas.A.AskAsync(request);
        var again = await replicas.B.AskAsync(request);
        var thirdTime = await replicas.C.AskAsync(request);
        var usage = await replicas.C.Keys.GetUsageAsync(new GetUsageRequest { KeyId = key.KeyId }, Replica.Admin);

        Assert.True(first.Allowed, first.ToString());
        Assert.Equal([3, 3, 3], new[] { first, again, thirdTime }.Select(verdict => verdict.Limits.Single(limit => limit.Name == "quota").Remaining));
        Assert.Equal(3, new[] { first, again, thirdTime }.Select(verdict => verdict.DecisionId).Distinct().Count());
        Assert.Equal(2, usage.Usages.Single(one => one.Name == "quota").Used);
        string[] fields = await Failures.FieldsOfAsync(
            () => replicas.B.AskAsync(Samples.Ask(key.ApiKey, ask => (ask.Cost, ask.IdempotencyKey, ask.Path) = (2, "order-17", "/orders/18"))));
        Assert.Equal(["idempotency_key"], fields);
    }

    private async Task DeleteAsync()
    {
        var key = await WarmKeyAsync();
        await replicas.A.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.KeyId }, Replica.Admin);
        await ExpectAsync(key.ApiKey, Reason.KeyUnknown);
    }

    private async Task DisableAndEnableAsync(CreateKeyResponse key)
    {
        await replicas.A.UpdateKeyAsync(new Key { KeyId = key.KeyId, IsInactive = true }, "is_inactive");
        await ExpectAsync(key.ApiKey, Reason.KeyInactive);
        await replicas.A.UpdateKeyAsync(new Key { KeyId = key.KeyId, IsInactive = false }, "is_inactive");
        await ExpectAsync(key.ApiKey, Reason.Allowed);
    }

    private async Task<string> RotateAsync(CreateKeyResponse key)
    {
        var rotated = await replicas.A.Keys.RotateKeyAsync(new RotateKeyRequest { KeyId = key.KeyId }, Replica.Admin);
        await ExpectAsync(key.ApiKey, Reason.KeyUnknown);
        await ExpectAsync(rotated.ApiKey, Reason.Allowed);
        return rotated.ApiKey;
    }

    private async Task NarrowAndWidenAsync(CreateKeyResponse key)
    {
        await replicas.A.UpdateKeyAsync(new Key { KeyId = key.KeyId, AccessRights = { ["reports"] = new AccessRight() } }, "access_rights");
        await ExpectAsync(key.ApiKey, Reason.ApiNotGranted);
        await replicas.A.UpdateKeyAsync(new Key { KeyId = key.KeyId, AccessRights = { ["orders"] = new AccessRight() } }, "access_rights");
        await ExpectAsync(key.ApiKey, Reason.Allowed);
    }

    private async Task ExpectAsync(string apiKey, Reason reason)
    {
        foreach (var replica in replicas.Others)
        {
            Assert.Equal((reason, false), await VerdictAsync(replica, apiKey));
        }
    }

    private static async Task<(Reason Reason, bool IsDegraded)> VerdictAsync(Replica replica, string apiKey)
    {
        var verdict = await replica.AskAsync(apiKey);
        return (verdict.Reason, verdict.Degraded);
    }

    private Task<Policy> MakePolicyAsync(bool isLimited) => replicas.A.CreatePolicyAsync(AdminClients.Gold(policy =>
        (policy.Id, policy.Rate, policy.Per, policy.QuotaMax) = (_policy, isLimited ? 100_000 : -1, 1, isLimited ? 1_000_000 : -1)));

    /// <summary>A key that all replicas have in memory.</summary>
    private async Task<CreateKeyResponse> WarmKeyAsync(Key? like = null, bool peek = false)
    {
        var key = await replicas.A.Keys.CreateKeyAsync(new CreateKeyRequest { Key = like ?? new Key { OrgId = "acme", ApplyPolicies = { _policy } } }, Replica.Admin);
        await InForce.OnAsync(replicas.All, Samples.Ask(key.ApiKey), verdict => verdict.Allowed, InForce.BoundWithoutPush);
        foreach (var replica in peek ? [] : replicas.All)
        {
            Assert.Equal((Reason.Allowed, false), await VerdictAsync(replica, key.ApiKey));
        }

        return key;
    }
}
