using Decision.Contracts.Admin.V1;
using Decision.TestKit.Redis;
using Grpc.Core;

namespace Decision.Server.Tests.Redis;

/// <summary>Three servers on one Redis.</summary>
public sealed class ThreeReplicas : IAsyncLifetime
{
    // What these tests prove is not how soon a slow Redis is given up: a busy machine must not make one.
    private const string Patient = "Redis:Timeout=5s";

    private readonly List<Replica> _replicas = [];

    internal RedisServer Redis { get; private set; } = null!;

    internal IReadOnlyList<Replica> All => _replicas;

    internal Replica A => _replicas[0];

    internal Replica B => _replicas[1];

    internal Replica C => _replicas[2];

    internal Replica[] Others => [B, C];

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        _replicas.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Replica.StartAsync(Redis.Address, Patient))));
        await UntilListeningAsync();
    }

    /// <summary>Cuts the connections that pushes come over; the servers make new ones.</summary>
    internal Task CutPushAsync() => Redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");

    /// <summary>Cuts the connections that pushes come over, and lets nobody subscribe again.</summary>
    internal async Task ForbidPushAsync()
    {
        await Redis.CommandAsync("ACL", "SETUSER", "default", "-subscribe", "-psubscribe");
        await CutPushAsync();
        Assert.DoesNotContain("changes", await Redis.CommandAsync("PUBSUB", "CHANNELS"));
    }

    /// <summary>Ends <see cref="ForbidPushAsync"/>, and waits until all listen again.</summary>
    internal async Task AllowPushAsync()
    {
        await Redis.CommandAsync("ACL", "SETUSER", "default", "+subscribe", "+psubscribe");
        await Redis.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        await UntilListeningAsync();
        await UntilWritingAsync();
    }

    /// <summary>
    /// Waits until every server takes writes: after its connections were cut, the one of pushes may be back before that of commands, and a write
    /// until then is refused as UNAVAILABLE.
    /// </summary>
    internal Task UntilWritingAsync() => Task.WhenAll(_replicas.Select((replica, number) => Eventually.IsAsync(
        () => TakesWritesAsync(replica, number), takes => takes, () => Task.FromResult(replica.Output))));

    private static async Task<bool> TakesWritesAsync(Replica replica, int number)
    {
        try
        {
            await replica.Organizations.CreateOrganizationAsync(
                new CreateOrganizationRequest { Organization = new Organization { OrganizationId = $"writes-{number}-{Guid.NewGuid():N}" } }, Replica.Admin);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    /// <summary>Waits until every server hears pushes.</summary>
    internal Task UntilListeningAsync() => Eventually.IsAsync(
        () => Redis.CommandAsync("PUBSUB", "NUMSUB", "decision:1:changes"),
        listeners => listeners.EndsWith($"{_replicas.Count}", StringComparison.Ordinal),
        async () => await Redis.CommandAsync("CLIENT", "LIST") + string.Join('\n', _replicas.Select(replica => replica.Output)));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }
}
