using Decision.Engine;
using Decision.Engine.Settings;
using Decision.Runtime.Keys;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Decisions;

/// <summary>
/// What is decided while the counters do not answer. It replaces counters only: the key, its policies and its rights were checked. What a
/// shared store has not confirmed for <see cref="RuntimeOptions.MaxStale"/> is no longer gone by.
/// </summary>
/// <param name="isShared">Whether other replicas may have changed a key in memory.</param>
/// <param name="time">The clock.</param>
/// <param name="options">The settings.</param>
internal sealed class StandIn(bool isShared, TimeProvider time, IOptions<RuntimeOptions> options)
{
    private readonly TimeSpan _maxStale = options.Value.MaxStale;

    /// <summary>Decides without the store.</summary>
    /// <param name="admission">What is known before the counters.</param>
    /// <param name="entry">The key's record; null = none was needed.</param>
    /// <param name="startedAt">The monotonic timestamp of the call.</param>
    public Verdict Decide(in Admission admission, KeyEntry? entry, long startedAt)
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

        for (int index = 0; index < admission.Charges.Count; index++)
        {
            var charge = admission.Charges[index];
            if (charge.OnStoreFailure != StoreFailureMode.Allow && !charge.IsShadow)
            {
                return Unavailable(in admission.Verdict);
            }
        }

        return admission.Verdict.AsDegraded();
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
}
