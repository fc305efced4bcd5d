using System.Collections.Concurrent;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Grpc.Core;

namespace Decision.Server.Tests.Redis;

/// <summary>
/// Writes a stream of policies, keys, rotations, revocations and spends, and remembers what was acknowledged. What was asked when a call failed
/// may have been done or not: it is in no list.
/// </summary>
internal sealed class Ledger : IDisposable
{
    public const string Policy = "ledger";
    private const long Quota = 1_000_000_000;
    private const int Revocable = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<(string Id, long Revision)> _policies = new();
    private readonly ConcurrentQueue<(string ApiKey, Reason Reason)> _created = new();
    private readonly ConcurrentQueue<(string ApiKey, Reason Reason)> _revoked = new();
    private readonly ConcurrentQueue<CreateKeyResponse> _toRevoke = new();
    private readonly SemaphoreSlim _turns = new(0);
    private long _attempted;
    private long _spent;
    private CreateKeyResponse? _spender;

    /// <summary>Policies whose creation was acknowledged.</summary>
    public IReadOnlyCollection<(string Id, long Revision)> Policies => _policies;

    /// <summary>Secrets that were acknowledged to work, by a creation or rotation, and that nothing was asked about since.</summary>
    public IReadOnlyCollection<(string ApiKey, Reason Reason)> Created => _created;

    /// <summary>Secrets that were acknowledged not to work any more, by a deletion, rotation or disabling, with the reason of a refusal.</summary>
    public IReadOnlyCollection<(string ApiKey, Reason Reason)> Revoked => _revoked;

    /// <summary>Units whose admission was acknowledged.</summary>
    public long Spent => Volatile.Read(ref _spent);

    /// <summary>Units that were asked for.</summary>
    public long Attempted => Volatile.Read(ref _attempted);

    public void Dispose() => _turns.Dispose();

    /// <summary>Makes the policy and the key that all spend on, and the keys that are revoked: a loss of the last writes leaves them there.</summary>
    public async Task OpenAsync(Replica replica)
    {
        await replica.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = (Policy, -1, Quota)));
        _spender = await replica.CreateKeyAsync(Policy);
        foreach (var key in await Task.WhenAll(Enumerable.Range(0, Revocable).Select(_ => replica.CreateKeyAsync(Policy))))
        {
            _toRevoke.Enqueue(key);
        }
    }

    /// <summary>Starts a writer on each replica; all end when their calls fail.</summary>
    public Task WriteAsync(IEnumerable<Replica> replicas) => Task.WhenAll(replicas.Select((replica, writer) => Task.Run(async () =>
    {
        try
        {
            for (int turn = 0; ; turn++)
            {
                await TakeTurnAsync(replica, writer, turn);
                _turns.Release();
            }
        }
        catch (RpcException)
        {
            // The kill: this call was not acknowledged.
        }
    })));

    /// <summary>Waits until so many more turns were acknowledged.</summary>
    public async Task MoreAsync(int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            Assert.True(await _turns.WaitAsync(Patience), "The writers ended.");
        }
    }

    /// <summary>What a replica has lost of what was acknowledged.</summary>
    public async Task<(int Policies, int Created, int Revoked, long Spent)> LossesAsync(Replica replica)
    {
        int policies = 0;
        foreach (var (id, revision) in _policies)
        {
            try
            {
                var found = await replica.Policies.GetPolicyAsync(new GetPolicyRequest { Id = id }, Replica.Admin);
                policies += found.Policy.Revision < revision ? 1 : 0;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
            {
                policies++;
            }
        }

        return (policies, await CountWrongAsync(replica, _created), await CountWrongAsync(replica, _revoked), Math.Max(0, Spent - await UsedAsync(replica)));
    }

    /// <summary>Units that are used now.</summary>
    public async Task<long> UsedAsync(Replica replica)
    {
        try
        {
            return (await replica.Keys.GetUsageAsync(new GetUsageRequest { KeyId = _spender!.KeyId }, Replica.Admin)).Usages.Single(usage => usage.Name == "quota").Used;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return 0;
        }
    }

    private static async Task<int> CountWrongAsync(Replica replica, IEnumerable<(string ApiKey, Reason Reason)> expected)
    {
        int wrong = 0;
        foreach (var (apiKey, reason) in expected)
        {
            var verdict = await replica.AskAsync(Samples.Ask(apiKey, ask => ask.Peek = true));
            Assert.False(verdict.Degraded, $"{verdict}");
            wrong += verdict.Reason == reason ? 0 : 1;
        }

        return wrong;
    }

    private async Task TakeTurnAsync(Replica replica, int writer, int turn)
    {
        var policy = AdminClients.Gold(gold => (gold.Id, gold.Rate, gold.QuotaMax) = ($"{Policy}-{writer}-{turn}", -1, -1));
        _policies.Enqueue((policy.Id, (await replica.CreatePolicyAsync(policy)).Revision));
        _created.Enqueue(((await replica.CreateKeyAsync(policy.Id)).ApiKey, Reason.Allowed));
        if (_toRevoke.TryDequeue(out var old))
        {
            await RevokeAsync(replica, old, turn % 3);
        }

        Interlocked.Increment(ref _attempted);
        var verdict = await replica.AskAsync(_spender!.ApiKey);
        if (verdict is { Allowed: true, Degraded: false })
        {
            Interlocked.Increment(ref _spent);
        }
        else if (verdict.Reason == Reason.StoreUnavailable)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, verdict.Message));
        }
    }

    private async Task RevokeAsync(Replica replica, CreateKeyResponse key, int way)
    {
        switch (way)
        {
            case 0:
                await replica.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.KeyId }, Replica.Admin);
                _revoked.Enqueue((key.ApiKey, Reason.KeyUnknown));
                break;
            case 1:
                await replica.UpdateKeyAsync(new Key { KeyId = key.KeyId, IsInactive = true }, "is_inactive");
                _revoked.Enqueue((key.ApiKey, Reason.KeyInactive));
                break;
            default:
                var rotated = await replica.Keys.RotateKeyAsync(new RotateKeyRequest { KeyId = key.KeyId }, Replica.Admin);
                _revoked.Enqueue((key.ApiKey, Reason.KeyUnknown));
                _created.Enqueue((rotated.ApiKey, Reason.Allowed));
                break;
        }
    }
}
