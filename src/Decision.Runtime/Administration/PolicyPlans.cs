using System.Globalization;
using System.Security.Cryptography;
using Decision.Engine.Grants;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>
/// Makes the store's policies what they are wanted to be: all of it or nothing, durable and in force in one step, so that no decision goes by a
/// part of it.
/// </summary>
public sealed class PolicyPlans
{
    private const int Attempts = 3;
    private const int MostNamed = 10;

    private readonly Catalog _catalog;
    private readonly CatalogLoader _loader;
    private readonly IDocumentStore _documents;
    private readonly IKeyStore _keys;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    internal PolicyPlans(Catalog catalog, CatalogLoader loader, IDocumentStore documents, IKeyStore keys, AuditTrail audit, TimeProvider time)
    {
        (_catalog, _loader, _documents, _keys, _audit, _time) = (catalog, loader, documents, keys, audit, time);
    }

    /// <summary>What <see cref="ApplyAsync"/> would do now. Nothing is written.</summary>
    /// <returns>The plan; without any change where a finding is an error.</returns>
    /// <exception cref="AdministrationException">A file has one of the policies.</exception>
    public async ValueTask<PolicyPlan> MakeAsync(WantedPolicies wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        RequireScope(wanted);
        var plan = await InGateAsync(() => PlanAsync(wanted, cancellation), cancellation).ConfigureAwait(false);
        return await WithKeysAsync(plan, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes what differs, and removes what is not wanted where that was asked for.</summary>
    /// <param name="wanted">What the policies are to be.</param>
    /// <param name="isForced">Whether also policies are removed that keys use; those keys may then be refused.</param>
    /// <param name="fingerprint">Of the plan that the caller has seen: another one is refused. Empty = whatever the plan is.</param>
    /// <param name="cancellation">Given up before the write.</param>
    /// <returns>What was done; an empty plan = nothing was written.</returns>
    public async ValueTask<PolicyPlan> ApplyAsync(WantedPolicies wanted, bool isForced, string fingerprint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        RequireScope(wanted);
        var done = await InGateAsync(
            async () =>
            {
                for (int attempt = 0; attempt < Attempts; attempt++)
                {
                    var plan = await PlanAsync(wanted, cancellation).ConfigureAwait(false);
                    AdministrationException.ThrowIfErrors(plan.Findings);
                    if (plan.IsEmpty)
                    {
                        return plan;
                    }

                    if (fingerprint.Length > 0 && fingerprint != plan.Fingerprint)
                    {
                        break;
                    }

                    await RequireUnusedAsync(plan, isForced, cancellation).ConfigureAwait(false);
                    cancellation.ThrowIfCancellationRequested();
                    if (await WriteAsync(plan).ConfigureAwait(false) is { } written)
                    {
                        return written;
                    }
                }

                throw new AdministrationException(
                    AdministrationError.Conflict, "The policies were changed since the plan was made (fingerprint): make a new plan, and apply that.");
            },
            cancellation).ConfigureAwait(false);

        // It is written: who gives up now only misses the answer.
        return await WithKeysAsync(done, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask<T> InGateAsync<T>(Func<ValueTask<T>> act, CancellationToken cancellation)
    {
        await _catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await act().ConfigureAwait(false);
        }
        finally
        {
            _catalog.Gate.Release();
        }
    }

    // What is in force here is brought to what is stored first: of what another replica wrote together, no part stays behind.
    private async ValueTask<PolicyPlan> PlanAsync(WantedPolicies wanted, CancellationToken cancellation)
    {
        try
        {
            await _loader.LoadInGateAsync(cancellation).ConfigureAwait(false);
        }
        catch (CatalogException error)
        {
            throw new StoreException("The store's policies, APIs or organisations cannot be read; the server's log says which.", error);
        }

        return new PolicyPlanning(_catalog, wanted, _documents.MostWrites).Plan();
    }

    private async ValueTask RequireUnusedAsync(PolicyPlan plan, bool isForced, CancellationToken cancellation)
    {
        string[] removed = [.. plan.Changes.Where(change => change.Kind == PolicyChangeKind.Deleted).Select(change => change.Id)];
        if (isForced || removed.Length == 0)
        {
            return;
        }

        long keys = await _keys.CountUsingAsync(removed, cancellation).ConfigureAwait(false);
        if (keys == 0)
        {
            return;
        }

        var used = new List<string>();
        for (int index = 0; index < removed.Length && used.Count < MostNamed; index++)
        {
            long count = await _keys.CountUsingAsync([removed[index]], cancellation).ConfigureAwait(false);
            if (count > 0)
            {
                used.Add($"{removed[index]} ({count})");
            }
        }

        throw new AdministrationException(
            AdministrationError.FailedPrecondition,
            $"{keys} {(keys == 1 ? "key uses" : "keys use")} policies that would be removed: {string.Join(", ", used)}{(used.Count == MostNamed ? ", ..." : "")}. "
            + "Move them to other policies first, or set force.");
    }

    private async ValueTask<PolicyPlan?> WriteAsync(PolicyPlan plan)
    {
        long nowUs = _time.NowUs();
        string stamp = (nowUs / 1_000_000).ToString(CultureInfo.InvariantCulture);
        PolicyChange[] changes =
        [
            .. plan.Changes.Select(change => change.After is { } after ? change with { After = after with { LastUpdated = stamp } } : change),
        ];
        DocumentWrite[] writes = [.. changes.Select(WriteOf)];
        var numbers = await _audit.RunAsync(
            [.. changes.Select(ActOf)],
            () => _documents.WriteAllAsync(writes, nowUs, CancellationToken.None),
            static numbers => numbers is not null).ConfigureAwait(false);
        if (numbers is null)
        {
            return null;
        }

        var done = changes.Select((change, index) => change with { Etag = writes[index].Etag, Revision = numbers[index] })
            .ToDictionary(change => change.Id, StringComparer.Ordinal);
        var store = _catalog.Store;
        var policies = store.Policies.ToBuilder();
        var etags = store.Etags.ToBuilder();
        foreach (var (id, change) in done)
        {
            if (change.After is { } after)
            {
                policies[id] = new PolicyEntry(after, change.Revision, "store");
                etags[(DocumentKind.Policy, id)] = change.Etag;
            }
            else
            {
                policies.Remove(id);
                etags.Remove((DocumentKind.Policy, id));
            }
        }

        _catalog.Swap(store with { Policies = policies.ToImmutable(), Etags = etags.ToImmutable() }, _catalog.Files);
        return plan with { Policies = [.. plan.Policies.Select(policy => done.GetValueOrDefault(policy.Id, policy))], After = _catalog.Rules.Policies };
    }

    // With the organisation named, no policy of another one is looked at or written.
    private static void RequireScope(WantedPolicies wanted)
    {
        if (wanted.OrganizationId is { } organization)
        {
            Actor.Current.Require(organization, $"plan for organisation \"{organization}\"");
        }
        else
        {
            Actor.Current.RequireAll("A plan without an organisation is for the policies of all of them (name one)");
        }
    }

    private static AuditAct ActOf(PolicyChange change)
    {
        string action = change.Kind switch
        {
            PolicyChangeKind.Created => "policy.create",
            PolicyChangeKind.Deleted => "policy.delete",
            _ => "policy.update",
        };
        return new AuditAct(action, "policy", change.Id, (change.After ?? change.Before)!.OrganizationId)
        {
            Before = change.Before is { } before ? DocumentFormat.Write(before) : default,
            After = change.After is { } after ? DocumentFormat.Write(after) : default,
        };
    }

    private static DocumentWrite WriteOf(PolicyChange change) => new(
        DocumentKind.Policy,
        change.Id,
        change.Kind == PolicyChangeKind.Created ? null : change.Etag,
        change.After is null ? "" : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        change.After is { } after ? DocumentFormat.Write(after) : default,
        change.Kind switch
        {
            PolicyChangeKind.Created => "create",
            PolicyChangeKind.Deleted => "delete",
            _ => "update",
        });

    private async ValueTask<PolicyPlan> WithKeysAsync(PolicyPlan plan, CancellationToken cancellation)
    {
        string[] changed = [.. plan.Changes.Select(change => change.Id)];
        if (changed.Length == 0 || await _keys.CountUsingAsync(changed, cancellation).ConfigureAwait(false) == 0)
        {
            return plan;
        }

        var policies = new List<PolicyChange>(plan.Policies.Count);
        foreach (var policy in plan.Policies)
        {
            policies.Add(policy.Kind == PolicyChangeKind.Unchanged
                ? policy
                : policy with { KeysUsing = await _keys.CountUsingAsync([policy.Id], cancellation).ConfigureAwait(false) });
        }

        return plan with { Policies = policies };
    }
}
