using Decision.Engine.Keys;

namespace Decision.Runtime.Administration;

/// <summary>An update of a key.</summary>
/// <param name="Apply">From what is stored to what shall be; a new <see cref="Key.HmacString"/> replaces the old one, an empty one leaves it.</param>
/// <param name="NamesExpires">Whether the caller names <c>expires</c>: only then may it move while a trial policy applies.</param>
/// <param name="Etag">What the caller has read; empty = whatever is stored.</param>
/// <param name="AllowsUnknownPolicies">True = a policy that does not exist is skipped as the rules say (Tyk's REST), not refused.</param>
/// <param name="SaysExpires">Whether <c>expires</c> is among what the caller sends, by name or not: where no trial policy applies, it counts.</param>
public sealed record KeyChange(
    Func<Key, Key> Apply, bool NamesExpires, string Etag = "", bool AllowsUnknownPolicies = false, bool SaysExpires = false);
