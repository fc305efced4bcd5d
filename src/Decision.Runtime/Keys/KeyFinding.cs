using Decision.Engine;
using Decision.Engine.Grants;

namespace Decision.Runtime.Keys;

/// <summary>What the look-up of a presented key found.</summary>
/// <param name="Presence">Whether the key is there.</param>
/// <param name="Entry">The record that was looked at; with <see cref="KeyPresence.Unknown"/> the text is none of its own. Null = there is none.</param>
/// <param name="IsFromMemory">True where the record had been read earlier: another replica may have changed it since.</param>
internal readonly record struct KeyFinding(KeyPresence Presence, KeyEntry? Entry = null, bool IsFromMemory = false)
{
    /// <summary>The found key's grant; null = no key was found.</summary>
    public Grant? GrantUnder(RuleSet rules) =>
        Presence is KeyPresence.Found or KeyPresence.FoundById ? Entry?.GrantUnder(rules) : null;
}
