using System.Globalization;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Redis;

/// <summary>Requests that come together, in a batch or on a stream, share calls of Redis, and spend no more than they may.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class SharedCallTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    private const int Asked = 500;
    private const int Limit = 300;

    [Fact]
    public async Task A_batch_shares_calls_and_admits_what_the_limit_lets_it()
    {
        string key = await MakeAsync("batched");
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Range(0, Asked).Select(_ => Samples.Ask(key)));
        long before = await ScriptCallsAsync();

        var answers = (await replicas.A.Client.AuthorizeBatchAsync(batch)).Responses;

        // One call for each if they went after one another. How many come together is the machine's doing too.
        Assert.InRange(await ScriptCallsAsync() - before, 1, Asked / 2);
        Assert.Equal((Limit, Asked - Limit), (answers.Count(answer => answer.Allowed), answers.Count(answer => answer.Reason == Reason.QuotaExceeded)));
    }

    [Fact]
    public async Task A_stream_shares_calls_and_admits_what_the_limit_lets_it()
    {
        string key = await MakeAsync("streamed");
        using var stream = replicas.B.Client.AuthorizeStream();
        long before = await ScriptCallsAsync();

        var writing = WriteAsync();
        var answers = new List<AuthorizeStreamResponse>();
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            answers.Add(stream.ResponseStream.Current);
        }

        await writing;
        // How many come together is the client's doing too; half of one call for each would be chance.
        Assert.InRange(await ScriptCallsAsync() - before, 1, Asked / 2);
        Assert.Equal(Enumerable.Range(0, Asked), answers.Select(answer => int.Parse(answer.RequestId, CultureInfo.InvariantCulture)).Order());
        Assert.Equal(
            (Limit, Asked - Limit), (answers.Count(answer => answer.Response.Allowed), answers.Count(answer => answer.Response.Reason == Reason.QuotaExceeded)));

        async Task WriteAsync()
        {
            for (int number = 0; number < Asked; number++)
            {
                await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest
                {
                    Request = Samples.Ask(key, ask => ask.RequestId = number.ToString(CultureInfo.InvariantCulture)),
                });
            }

            await stream.RequestStream.CompleteAsync();
        }
    }

    private async Task<string> MakeAsync(string id)
    {
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = (id, -1, Limit)));
        string key = (await replicas.A.CreateKeyAsync(id)).ApiKey;
        await InForce.OnAsync(replicas.All, Samples.Ask(key), verdict => verdict.Allowed, InForce.BoundOfPush);
        await replicas.A.Keys.ResetUsageAsync(new Contracts.Admin.V1.ResetUsageRequest { KeyId = key.Substring(3, 16) }, Replica.Admin);
        return key;
    }

    private async Task<long> ScriptCallsAsync() => (await replicas.Redis.CommandAsync("INFO", "commandstats")).Split('\n')
        .Where(line => line.StartsWith("cmdstat_evalsha:calls=", StringComparison.Ordinal) || line.StartsWith("cmdstat_fcall:calls=", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture));
}
