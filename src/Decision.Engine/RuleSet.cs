using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;

namespace Decision.Engine;

/// <summary>Everything that decisions go by at one moment, immutable and swapped whole: a request sees one from start to end.</summary>
/// <param name="Policies">Policies of both layers.</param>
/// <param name="Apis">The API registry.</param>
/// <param name="Organizations">Organisations that have a record.</param>
/// <param name="Options">The server's settings.</param>
public sealed record RuleSet(PolicySet Policies, ApiRegistry Apis, OrganizationSet Organizations, EngineOptions Options)
{
    /// <summary>No policy, no API, default settings.</summary>
    public static RuleSet Empty { get; } = new(PolicySet.Empty, ApiRegistry.Empty, OrganizationSet.Empty, EngineOptions.Default);
}
