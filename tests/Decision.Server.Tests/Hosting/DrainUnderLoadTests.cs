using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Hosting;

/// <summary>A stop while many clients ask: each call is decided and answered, or neither.</summary>
public sealed class DrainUnderLoadTests : IDisposable
{
    private const int Clients = 4;
    private const int CallersOfEach = 3;
    private const int CallsBefore = 500;
    private const int Quota = 1_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_call_is_decided_and_answered_or_neither(bool retries)
    {
        string key;
        Stopped[] callers;
        await using (var server = await RunningServer.StartAsync(policies: Policies(), folder: _folder))
        {
            key = await server.CreateKeyAsync("endless");
            RenewingClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new RenewingClient(server, retries))];
            TaskCompletionSource isBusy = new(TaskCreationOptions.RunContinuationsAsynchronously);
            int calls = 0;
            var load = Task.WhenAll(clients.SelectMany(client => Enumerable.Repeat(client, CallersOfEach)).Select(client => AskUntilItEndsAsync(client, key, () =>
            {
                if (Interlocked.Increment(ref calls) == CallsBefore)
                {
                    isBusy.SetResult();
                }
            })));
            await Task.WhenAny(isBusy.Task, load);

            await server.StopAsync();
            callers = await load;
            Array.ForEach(clients, client => client.Dispose());
        }

        Assert.All(callers, caller => Assert.True(IsToldThatNobodyTookIt(caller.By), caller.By.ToString()));
        await using var next = await RunningServer.StartAsync(folder: _folder);
        var peek = await next.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));
        Assert.Equal(Quota - callers.Sum(caller => caller.Allowed), peek.Limits.Single(limit => limit.Name == "quota").Remaining);
    }

    private static async Task<Stopped> AskUntilItEndsAsync(RenewingClient client, string key, Action answered)
    {
        for (int allowed = 0; ; allowed++)
        {
            try
            {
                Assert.Equal(Reason.Allowed, await client.AskAsync(key));
                answered();
            }
            catch (RpcException exception)
            {
                return new Stopped(allowed, exception);
            }
        }
    }

    // NO_ERROR: the last of the connections that it was tried on was ended before it.
    private static bool IsToldThatNobodyTookIt(RpcException exception) =>
        exception.StatusCode == StatusCode.Unavailable || exception.Status.Detail.Contains("'NO_ERROR'", StringComparison.Ordinal);

    private static Dictionary<string, string> Policies() => new()
    {
        ["endless"] = $$"""
            {"org_id":"acme","rate":-1,"per":1,"quota_max":{{Quota}},"quota_renewal_rate":3600,"access_rights":{"orders":{"api_id":"orders","versions":[]} } }
            """,
    };

    private sealed record Stopped(int Allowed, RpcException By);
}
