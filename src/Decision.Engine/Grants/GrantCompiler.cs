using Decision.Engine.Charges;
using Decision.Engine.Keys;

namespace Decision.Engine.Grants;

/// <summary>Merges a key with its policies and prepares everything that a request is checked against.</summary>
public static class GrantCompiler
{
    /// <summary>Compiles a grant. Patterns and addresses were validated when they were written; one that is not valid grants nothing.</summary>
    /// <remarks>Keys that say nothing on access and limits themselves share what their policies come to, with all others of the same policies.</remarks>
    public static Grant Compile(Key key, PolicySet policies, GrantOptions options)
    {
        var merged = KeyMerge.Apply(key, policies, options, out var rights);
        var subject = LimitPattern.Evaluate(merged.Metadata) is { Length: > 0 } shared
            ? Subject.ForPattern(key.OrganizationId, shared)
            : new Subject(SubjectKind.Key, key.Id);
        return new Grant(merged, rights.Table, subject, CompiledRight.AddressesOf(key.AllowedIps));
    }
}
