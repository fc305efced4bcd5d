using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;
using Finding = Decision.Contracts.Admin.V1.Finding;

namespace Decision.Cli.Policies.Validate;

/// <summary>By the rules in the tool, which are the service's, with its default settings.</summary>
internal sealed class CheckHere : IPolicyCheck
{
    // Before a policy's id; the service leaves it out.
    private const string Named = "policy ";

    public Task<IReadOnlyList<Finding>> FindAsync(IReadOnlyList<IdentifiedPolicy> policies)
    {
        var findings = new FindingList();
        foreach (var policy in policies)
        {
            PolicyJson.ReadChecked(policy.Json, policy.Id, findings, "", UrlMatching.Segments);
        }

        return Task.FromResult<IReadOnlyList<Finding>>([.. findings.Select(ToMessage)]);
    }

    /// <summary>A finding of the engine as the service answers it.</summary>
    public static Finding ToMessage(Engine.Findings.Finding finding) => new()
    {
        Subject = finding.Subject.StartsWith(Named, StringComparison.Ordinal) ? finding.Subject[Named.Length..] : finding.Subject,
        Field = finding.Field,
        Message = finding.Message,
        Severity = finding.Severity == FindingSeverity.Error ? Severity.Error : Severity.Warning,
    };
}
