using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies.Validate;

/// <summary>Checks policies by the rules: here, or at the service with its settings.</summary>
internal interface IPolicyCheck
{
    /// <summary>Everything that is found in the policies of a file, whose ids are there once.</summary>
    Task<IReadOnlyList<Finding>> FindAsync(IReadOnlyList<IdentifiedPolicy> policies);
}
