using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Keys;

/// <summary>A key in memory: its record, and the grant compiled from it.</summary>
internal sealed class KeyEntry(KeyRecord record)
{
    private volatile Compiled? _compiled;

    public KeyRecord Record { get; } = record;

    /// <summary>The token whose hash was last found right; null = none was yet.</summary>
    public KnownToken? KnownToken { get; set; }

    /// <summary>Set by use, cleared by the search for entries to drop: what is used again in between stays.</summary>
    public bool IsUsed { get; set; } = true;

    /// <summary>The grant under these rules; compiled anew only when the key names a policy that is not what it was.</summary>
    public Grant GrantUnder(RuleSet rules)
    {
        var compiled = _compiled;
        if (compiled is not null && ReferenceEquals(compiled.Policies, rules.Policies))
        {
            return compiled.Grant;
        }

        // Two requests may compile at once: both come to the same grant, and one of them stays.
        var grant = compiled is not null && compiled.Grant.IsCurrent(rules.Policies)
            ? compiled.Grant
            : GrantCompiler.Compile(Record.Key, rules.Policies, rules.Options.Grants);
        _compiled = new Compiled(grant, rules.Policies);
        return grant;
    }

    private sealed record Compiled(Grant Grant, PolicySet Policies);
}
