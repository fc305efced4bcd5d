using System.Net;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>A replica that was given another Secrets:Key, or none, says so and decides what does not need it.</summary>
public sealed class SecretsKeyTests
{
    [Theory]
    [InlineData("Secrets:Key=another-one-than-the-replicas-share")]
    [InlineData("Secrets:Key=")]
    public async Task A_replica_with_another_Secrets_Key_names_it_in_readiness_and_still_decides(string setting)
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await using var first = await Replica.StartAsync(redis.Address, "Redis:Timeout=5s");
        await first.CreatePolicyAsync(new Policy { Id = "gold", OrgId = "acme", Rate = 100, Per = 60, AccessRights = { ["orders"] = new AccessRight() } });
        var made = await first.CreateKeyAsync("gold");
        await using var other = await Replica.StartAsync(redis.Address, "Redis:Timeout=5s", setting);

        await Eventually.IsAsync(other.ReadinessAsync, readiness => readiness.Problems.ContainsKey("secrets-key"), () => Task.FromResult(other.Output));

        var readiness = await other.ReadinessAsync();
        Assert.Equal(HttpStatusCode.OK, readiness.Status);
        Assert.Contains("Set the same Secrets:Key on every replica", readiness.Problems["secrets-key"]);
        Assert.Contains("fail: Decision.Storage.Redis.RedisSecretsKeyPart", other.Output);
        Assert.True((await other.AskAsync(made.ApiKey)).Allowed);
        Assert.DoesNotContain("secrets-key", (await first.ReadinessAsync()).Problems.Keys);
    }
}
