using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Runtime.Administration;

namespace Decision.Server.TykApi.Keys;

/// <summary>Replaces a key as a whole, with Tyk's rules for what a whole object means.</summary>
internal sealed class KeyWriter(KeyAdministration keys, TimeProvider time)
{
    // 1 is the way to say "expired" that Tyk's clients know.
    private const long ExpiredByWord = 1;

    /// <summary>Puts what was sent in the key's place.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="keepsUsage">True = the quota's counters stay (<c>suppress_reset</c>).</param>
    /// <param name="cancellation">Given up before the write.</param>
    public async Task<UpdatedKey> ReplaceAsync(string keyId, SentKey sent, bool keepsUsage, CancellationToken cancellation)
    {
        var change = new KeyChange(before => WithExpiry(before, sent), NamesExpires: true, AllowsUnknownPolicies: true, SaysExpires: true);
        var updated = await keys.UpdateAsync(keyId, change, cancellation);
        if (!keepsUsage)
        {
            // Counters that several keys share by a pattern are not this key's to clear.
            await keys.ResetOwnQuotasAsync(keyId, CancellationToken.None);
        }

        return updated;
    }

    /// <summary>
    /// A trial's end stays where it is, or comes earlier: the administration keeps it where <c>expires</c> is 0. Elsewhere absent means
    /// never, as in Tyk, but no key whose trial ends with this very write becomes permanent by silence.
    /// </summary>
    private Key WithExpiry(Key before, SentKey sent)
    {
        var key = sent.Key;
        var inForce = keys.Preview(before);

        // As in Tyk, a moment that has passed is one of a copy that is out of date, and changes nothing.
        bool isPast = key.Expires > ExpiredByWord && key.Expires < time.GetUtcNow().ToUnixTimeSeconds();
        long written = isPast ? inForce.Expires : key.Expires;
        var kept = keys.Preview(key with { Expires = before.Expires, DateCreatedUs = before.DateCreatedUs, IsTrialSettled = before.IsTrialSettled });
        if (IsTrial(kept))
        {
            return key with { Expires = !isPast && written > 0 && (kept.Expires <= 0 || written < kept.Expires) ? written : 0 };
        }

        return key with { Expires = !sent.SaysExpires && IsTrial(inForce) ? inForce.Expires : written };
    }

    private static bool IsTrial(MergedKey merged) => merged.Policies.Any(entry => entry.Policy.KeyExpiresIn > 0);
}
