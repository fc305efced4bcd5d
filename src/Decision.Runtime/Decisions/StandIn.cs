using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Settings;
using Decision.Runtime.Keys;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Decisions;

/// <summary>
/// What is decided while the counters do not answer, charge by charge: refuse, admit, or count in this replica. It replaces counters only:
/// the key, its policies and its rights were checked. What a shared store has not confirmed for <see cref="RuntimeOptions.MaxStale"/> is no
/// longer gone by.
/// </summary>
/// <param name="isShared">Whether other replicas may have changed a key in memory.</param>
/// <param name="local">The counters of this replica; null = there are none, and <c>local</c> means <c>deny</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="options">The settings.</param>
internal sealed class StandIn(bool isShared, ILocalCounters? local, TimeProvider time, IOptions<RuntimeOptions> options)
{
    private readonly TimeSpan _maxStale = options.Value.MaxStale;
    private readonly int _replicas = options.Value.Replicas;

    /// <summary>Decides without the store.</summary>
    /// <param name="admission">What is known before the counters.</param>
    /// <param name="spending">What the store was asked to spend.</param>
    /// <param name="entry">The key's record; null = none was needed.</param>
    /// <param name="startedAt">The monotonic timestamp of the call.</param>
    /// <exception cref="CallException">The idempotency key was used for another request.</exception>
    public Verdict Decide(in Admission admission, in Spending spending, KeyEntry? entry, long startedAt)
    {
        if (!admission.Verdict.IsAllowed)
        {
            // Whether the key was changed meanwhile is not known: what it is known by denies.
            return admission.Verdict;
        }

        if (isShared && entry is not null && entry.AgeAt(time, startedAt) >= _maxStale)
        {
            return Unavailable(in admission.Verdict);
        }

        var shares = default(ChargeList);
        for (int index = 0; index < admission.Charges.Count; index++)
        {
            var charge = admission.Charges[index];
            var mode = charge.OnStoreFailure == StoreFailureMode.Local && local is null ? StoreFailureMode.Deny : charge.OnStoreFailure;
            if (mode == StoreFailureMode.Deny && !charge.IsShadow)
            {
                return Unavailable(in admission.Verdict);
            }

            if (mode == StoreFailureMode.Local)
            {
                shares.Add(charge.ShareOf(_replicas));
            }
        }

        return shares.Count == 0 ? admission.Verdict.AsDegraded() : CountHere(in admission, in shares, in spending);
    }

    /// <summary>The store did not answer, and nothing may stand for it.</summary>
    public static Verdict Unavailable(in Verdict verdict) => new()
    {
        Reason = Reason.StoreUnavailable,
        Origin = "",
        Grant = verdict.Grant,
        ApiGrant = verdict.ApiGrant,
        Api = verdict.Api,
        IsDegraded = true,
    };

    private Verdict CountHere(in Admission admission, in ChargeList shares, in Spending spending)
    {
        var result = local!.Spend(spending with { Charges = shares });
        if (result.Status == SpendStatus.IdempotencyConflict)
        {
            throw CallException.OfIdempotencyKey();
        }

        return Conclusion.Of(admission.WithCharges(in shares), in result).AsDegraded();
    }
}
