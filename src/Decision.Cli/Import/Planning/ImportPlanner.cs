using Decision.Cli.Import.Differences;
using Decision.Cli.Import.Reading;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Google.Protobuf;

namespace Decision.Cli.Import.Planning;

/// <summary>Makes the plan of an import: what would be written, what cannot be, and every difference.</summary>
internal sealed class ImportPlanner(ServiceState state, int minimumKeyLength, TimeProvider time)
{
    private const int AtOnce = 8;

    /// <summary>The plan.</summary>
    /// <param name="material">What was read from Tyk.</param>
    /// <param name="progress">Told how many keys there are and were looked up.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ImportPlan> PlanAsync(TykMaterial material, ProgressReport progress, CancellationToken cancellation)
    {
        string[] refusals = [.. material.PolicyFindings.Where(static finding => finding.Severity == FindingSeverity.Error).Select(static finding => finding.ToString())];
        if (refusals.Length > 0)
        {
            return new ImportPlan([], [], [], [], [], refusals, material.LeftOut);
        }

        var effects = new List<Effect>();
        var notes = new List<string>(material.LeftOut);
        notes.AddRange(material.PolicyFindings
            .Where(static finding => !finding.Message.Contains("(difference D", StringComparison.Ordinal))
            .Select(static finding => "warning: " + finding));
        var apis = PlanApis(material, effects, notes);
        var listenPaths = apis.ToDictionary(static api => api.Record.ApiId, static api => api.Record.ListenPath, StringComparer.Ordinal);
        foreach (var (id, api) in state.Apis)
        {
            listenPaths.TryAdd(id, api.ListenPath);
        }

        var policies = material.Policies.Values.OrderBy(static policy => policy.Id, StringComparer.Ordinal).Select(PlanPolicy).ToList();
        effects.AddRange(material.Policies.Values.OrderBy(static policy => policy.Id, StringComparer.Ordinal)
            .SelectMany(policy => PolicyDifferences.Of(policy, listenPaths)));

        var keyPlanner = new KeyPlanner(material, state, listenPaths, minimumKeyLength, time.GetUtcNow().ToUnixTimeSeconds());
        var prepared = material.Keys.Select(keyPlanner.Prepare).ToList();
        var keys = new PlannedKey?[prepared.Count];
        int done = 0;
        await Parallel.ForAsync(0, prepared.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (index, _) =>
        {
            keys[index] = prepared[index].Ready is { } ready ? await keyPlanner.LookUpAsync(ready) : null;
            progress.Report(Interlocked.Increment(ref done), prepared.Count);
        });
        effects.AddRange(prepared.SelectMany(static key => key.Effects));
        effects.AddRange(GatewayDifferences.All);
        return new ImportPlan(
            policies,
            apis,
            [.. keys.OfType<PlannedKey>()],
            [.. prepared.Select(static key => key.Listed).OfType<ListedKey>()],
            [.. effects.Distinct().OrderBy(static effect => effect.Kind)],
            [],
            notes);
    }

    private List<Planned<Api>> PlanApis(TykMaterial material, List<Effect> effects, List<string> notes)
    {
        var apis = new Dictionary<string, Planned<Api>>(StringComparer.Ordinal);
        foreach (var source in material.Apis)
        {
            if (ApiImport.Of(source, effects, notes) is not { } api)
            {
                continue;
            }

            if (!apis.TryAdd(api.ApiId, Plan(api.ApiId, api, state.Apis.GetValueOrDefault(api.ApiId), static one => (one.Etag, one.Source))))
            {
                notes.Add($"API {api.ApiId} of {source.Source} is there twice; the first counts.");
            }
        }

        return [.. apis.Values.OrderBy(static api => api.Id, StringComparer.Ordinal)];
    }

    private Planned<Policy> PlanPolicy(Engine.Policies.Policy policy) =>
        Plan(policy.Id, Messages.Of(policy), state.Policies.GetValueOrDefault(policy.Id), static one => (one.Etag, one.Source));

    private static Planned<T> Plan<T>(string id, T wanted, T? stored, Func<T, (string Etag, string Source)> origin)
        where T : class, IMessage<T>
    {
        if (stored is null)
        {
            return new Planned<T>(id, wanted, PlannedAction.Create);
        }

        var (etag, source) = origin(stored);
        return Messages.AreEqual(stored, wanted) ? new Planned<T>(id, wanted, PlannedAction.Unchanged)
            : source is "" or "store" ? new Planned<T>(id, wanted, PlannedAction.Update, etag)
            : new Planned<T>(id, wanted, PlannedAction.Refused, Problem: $"the service reads it from {source}, with another content: change it there, or take it out.");
    }
}
