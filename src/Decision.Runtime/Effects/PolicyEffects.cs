using Decision.Engine.Effects;
using Decision.Engine.Keys;
using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Effects;

/// <summary>
/// Finds what a plan changes for keys: every key that names a policy which changes is merged with the policies before and after, as a decision
/// would. The keys are read in small pages and by one call at a time, so that decisions do not wait for it.
/// </summary>
public sealed class PolicyEffects(IKeyStore keys, TimeProvider time, IOptions<RuntimeOptions> options) : IDisposable
{
    private const int PageSize = 250;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Looks at the keys.</summary>
    /// <param name="plan">The plan, done or not.</param>
    /// <param name="maxKeys">The most keys to look at.</param>
    /// <param name="progress">Awaited about a hundred times, with the keys looked at and those to look at; null = nobody asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<PolicyEffect> CountAsync(
        PolicyPlan plan, long maxKeys, Func<long, long, ValueTask>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string[] changed = [.. plan.Changes.Select(change => change.Id)];
        long all = changed.Length == 0 ? 0 : await keys.CountUsingAsync(changed, cancellation).ConfigureAwait(false);
        if (all == 0 || maxKeys <= 0)
        {
            return new PolicyEffect([], all, 0, 0, HasMoreEffects: false);
        }

        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await WalkAsync(plan, changed, all, maxKeys, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private async ValueTask<PolicyEffect> WalkAsync(
        PolicyPlan plan, string[] changed, long all, long maxKeys, Func<long, long, ValueTask>? progress, CancellationToken cancellation)
    {
        var comparison = new KeyComparison(plan.Before, plan.After, options.Value.Engine.Grants, time.NowUs());
        var tally = new EffectTally();
        var earlier = new HashSet<string>(StringComparer.Ordinal);
        long total = Math.Min(all, maxKeys);
        long looked = 0;
        long told = 0;
        foreach (string policyId in changed)
        {
            string after = "";
            while (looked < maxKeys)
            {
                var page = await keys.ListAsync(new KeyFilter(PolicyId: policyId), after, PageSize, cancellation).ConfigureAwait(false);
                foreach (var record in page)
                {
                    if (looked < maxKeys && !NamesAny(record.Key, earlier) && Actor.Current.Includes(record.Key.OrganizationId))
                    {
                        looked++;
                        tally.Add(record.Key.Id, comparison.Of(record.Key));
                    }
                }

                if (progress is not null && looked - told >= Math.Max(1, total / 100))
                {
                    told = looked;
                    await progress(looked, total).ConfigureAwait(false);
                }

                if (page.Count < PageSize)
                {
                    break;
                }

                after = page[^1].Key.Id;
                await Task.Yield();
            }

            earlier.Add(policyId);
        }

        // Keys come and go meanwhile.
        return new PolicyEffect(tally.ToCounts(), looked < maxKeys ? looked : Math.Max(all, looked), looked, tally.Keys, tally.HasMore);
    }

    // It was looked at with that policy.
    private static bool NamesAny(Key key, HashSet<string> policies)
    {
        foreach (string policy in key.ApplyPolicies)
        {
            if (policies.Contains(policy))
            {
                return true;
            }
        }

        return false;
    }
}
