using Decision.Cli.Import.Planning;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using FieldMask = Google.Protobuf.WellKnownTypes.FieldMask;

namespace Decision.Cli.Import.Writing;

/// <summary>
/// Writes a plan: policies, all or none, then APIs, then keys with their use. An API or key that the service refuses is told, and the others go
/// on; a service that does not answer ends it. Running the import again does what is left.
/// </summary>
internal sealed class ImportWriter(Session session, Action<int> onWritten)
{
    private const int AtOnce = 8;

    private readonly ImportOutcome _outcome = new();
    private int _written;

    /// <summary>Writes everything.</summary>
    public async Task<ImportOutcome> WriteAsync(ImportPlan plan)
    {
        await new PolicyWriter(session, _outcome, () => onWritten(Interlocked.Increment(ref _written))).WriteAsync(plan.Policies);

        foreach (var api in plan.Apis)
        {
            await TryAsync("API " + api.Id, api.Problem, () => WriteAsync(api));
        }

        if (_outcome.Failures.Count > 0 && plan.Keys.Count > 0)
        {
            _outcome.AddFailure("keys", "were not written, as a policy or API that they may need was refused: mend it, and run the import again.");
            return _outcome;
        }

        await Parallel.ForEachAsync(
            plan.Keys.Where(static key => !key.SharesCounters),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = session.Cancellation },
            async (key, _) => await TryAsync("key " + key.Name, key.Record.Problem, () => WriteAsync(key)));

        // Keys that count together are adjusted one after the other: each sees what the one before has added.
        foreach (var key in plan.Keys.Where(static key => key.SharesCounters))
        {
            await TryAsync("key " + key.Name, key.Record.Problem, () => WriteAsync(key));
        }

        return _outcome;
    }

    private async Task WriteAsync(Planned<Api> api)
    {
        if (api.Action == PlannedAction.Create)
        {
            await session.Apis.CreateApiAsync(new CreateApiRequest { Api = api.Record });
        }
        else if (api.Action == PlannedAction.Update)
        {
            var record = api.Record.Clone();
            record.Etag = api.Etag;
            await session.Apis.UpdateApiAsync(new UpdateApiRequest { Api = record, UpdateMask = Whole });
        }

        Count("apis", api.Action);
    }

    private async Task WriteAsync(PlannedKey key)
    {
        var (id, record, action, etag, _) = key.Record;
        if (action == PlannedAction.Create)
        {
            var created = await session.Keys.CreateKeyAsync(new CreateKeyRequest { Key = record, ApiKey = key.Text });
            id = created.KeyId;
            if (created.Key.Expires != record.Expires)
            {
                // A trial policy has begun a new trial; at Tyk the key's own end is the one in force.
                await SetExpiryAsync(id, record.Expires);
            }
        }
        else if (action == PlannedAction.Update)
        {
            var changed = record.Clone();
            changed.Etag = etag;
            var updated = await session.Keys.UpdateKeyAsync(new UpdateKeyRequest { Key = changed, UpdateMask = Whole });
            if (updated.Key.Expires != record.Expires)
            {
                await SetExpiryAsync(id, record.Expires);
            }
        }

        Count("keys", action);
        await AdjustAsync(key, id);
    }

    private async Task SetExpiryAsync(string id, long expires) => await session.Keys.UpdateKeyAsync(new UpdateKeyRequest
    {
        Key = new Key { KeyId = id, Expires = expires },
        UpdateMask = FieldMask.FromString("expires"),
    });

    private async Task AdjustAsync(PlannedKey key, string id)
    {
        var used = key.SharesCounters && key.Usage.Count > 0 ? await ServiceState.UsageAsync(session, id) : new Dictionary<string, long>();
        foreach (var (scope, units) in key.Usage)
        {
            long delta = units - used.GetValueOrDefault(scope);
            if (delta > 0)
            {
                await session.Keys.AdjustUsageAsync(new AdjustUsageRequest { KeyId = id, Scope = scope, Delta = delta });
                _outcome.AddUsage();
            }
        }
    }

    private async Task TryAsync(string subject, string problem, Func<Task> write)
    {
        if (problem.Length > 0)
        {
            _outcome.AddFailure(subject, problem);
            return;
        }

        try
        {
            await write();
        }
        catch (RpcException refused) when (Refusal.Of(refused, session) is { } sentence)
        {
            _outcome.AddFailure(subject, sentence);
        }

        onWritten(Interlocked.Increment(ref _written));
    }

    private void Count(string kind, PlannedAction action)
    {
        if (action is PlannedAction.Create or PlannedAction.Update)
        {
            _outcome.AddWritten(kind, action == PlannedAction.Create);
        }
    }

    private static FieldMask Whole => new() { Paths = { "*" } };
}
