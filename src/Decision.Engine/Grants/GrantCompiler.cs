using Decision.Engine.Charges;
using Decision.Engine.Keys;

namespace Decision.Engine.Grants;

/// <summary>Merges a key with its policies and prepares everything that a request is checked against.</summary>
public static class GrantCompiler
{
    /// <summary>Compiles a grant. Patterns and addresses were validated when they were written; one that is not valid grants nothing.</summary>
    /// <remarks>Keys that say nothing on access and limits themselves share what their policies come to, with all others of the same policies.</remarks>
    /// <param name="key">The key.</param>
    /// <param name="policies">The policies in force.</param>
    /// <param name="options">The server's settings.</param>
    /// <param name="earlier">What it takes the place of; null = nothing. An edit of a policy makes new grants of all its keys: they keep the name of their counters.</param>
    public static Grant Compile(Key key, PolicySet policies, GrantOptions options, Grant? earlier = null)
    {
        var merged = KeyMerge.Apply(key, policies, options, out var rights);
        var subject = LimitPattern.Evaluate(merged.Metadata) is { Length: > 0 } shared
            ? Subject.ForPattern(key.OrganizationId, shared)
            : new Subject(SubjectKind.Key, key.Id);
        return new Grant(merged, policies, rights.Table, earlier is not null && earlier.Subject == subject ? earlier.Subject : subject, CompiledRight.AddressesOf(key.AllowedIps));
    }
}
