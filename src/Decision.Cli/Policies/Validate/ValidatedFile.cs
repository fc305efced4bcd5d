using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies.Validate;

/// <summary>A file with policies and everything that was found in it.</summary>
/// <param name="File">Its path; <c>-</c> = standard input.</param>
/// <param name="Findings">Errors and warnings.</param>
internal sealed record ValidatedFile(string File, IReadOnlyList<Finding> Findings);
