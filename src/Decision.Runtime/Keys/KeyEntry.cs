using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Keys;

/// <summary>A key in memory: its record, and the grant compiled from it.</summary>
/// <param name="record">The record.</param>
/// <param name="readAt">The monotonic timestamp before it was read.</param>
internal sealed class KeyEntry(KeyRecord record, long readAt)
{
    // Written this often at most, so that the processors do not take the entry from each other at every request.
    private static readonly TimeSpan ConfirmationInterval = TimeSpan.FromSeconds(1);

    private volatile Grant? _grant;
    private long _confirmedAt = readAt;

    public KeyRecord Record { get; } = record;

    /// <summary>The token whose hash was last found right; null = none was yet.</summary>
    public KnownToken? KnownToken { get; set; }

    /// <summary>Set by each use after the first, cleared by the search for entries to drop: what is used again in between stays.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Its place among the keys in memory.</summary>
    public int Place { get; set; }

    /// <summary>Notes that the store had this very record.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="at">The monotonic timestamp before the store was asked.</param>
    public void Confirm(TimeProvider time, long at)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _confirmedAt), at) >= ConfirmationInterval)
        {
            Volatile.Write(ref _confirmedAt, at);
        }
    }

    /// <summary>How long ago the store is known to have had this very record; exact to a second.</summary>
    public TimeSpan AgeAt(TimeProvider time, long at) => time.GetElapsedTime(Volatile.Read(ref _confirmedAt), at);

    /// <summary>The grant under these rules; compiled anew only when the key names a policy that is not what it was.</summary>
    public Grant GrantUnder(RuleSet rules)
    {
        var grant = _grant;
        if (grant is null || !grant.IsCurrent(rules.Policies))
        {
            // Two requests may compile at once: both come to the same grant, and one of them stays.
            var earlier = grant;
            _grant = grant = GrantCompiler.Compile(Record.Key, rules.Policies, rules.Options.Grants, earlier);
            if (earlier is not null)
            {
                GrantRenewals.OfProcess.Count();
            }
        }

        return grant;
    }
}
