using System.Text.Json.Nodes;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Cli.Policies.Apply;

/// <summary>What would be done, and what that would change for keys.</summary>
internal sealed record PolicyPreview(PolicyPlan Plan, PolicyEffect Effect)
{
    /// <summary>Policies that would be written or removed.</summary>
    public IEnumerable<PolicyChange> Changes => Plan.Policies.Where(policy => policy.Kind != PolicyChangeKind.Unchanged);

    /// <summary>Asks the service, which tells meanwhile how far it is.</summary>
    /// <exception cref="RecordFileException">It finds errors in the policies; all of them.</exception>
    public static async Task<PolicyPreview> AskAsync(PreviewPoliciesRequest request, Session session)
    {
        var preview = await session.Output.WithProgressAsync("Looking at keys", progress => ReadAsync(request, session, progress));
        if (!preview.Plan.Valid)
        {
            throw new RecordFileException([.. preview.Plan.Findings.Select(FindingOf)]);
        }

        session.Output.Tell(preview.Plan.Findings);
        return preview;
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new() { ["plan"] = ProtoJson.Of(Plan), ["effect"] = ProtoJson.Of(Effect) };

    private static async Task<PolicyPreview> ReadAsync(PreviewPoliciesRequest request, Session session, ProgressReport progress)
    {
        var preview = new PolicyPreview(new PolicyPlan(), new PolicyEffect());
        using var call = session.Policies.PreviewPolicies(request);
        await foreach (var told in call.ResponseStream.ReadAllAsync(session.Cancellation))
        {
            switch (told.EventCase)
            {
                case PreviewPoliciesResponse.EventOneofCase.Plan:
                    preview = preview with { Plan = told.Plan };
                    break;
                case PreviewPoliciesResponse.EventOneofCase.Effect:
                    preview = preview with { Effect = told.Effect };
                    break;
                case PreviewPoliciesResponse.EventOneofCase.Progress:
                    progress.Report(told.Progress.KeysLookedAt, told.Progress.KeysTotal);
                    break;
            }
        }

        return preview;
    }

    private static Engine.Findings.Finding FindingOf(Finding finding) => new(
        finding.Subject.Length > 0 ? $"policy {finding.Subject}" : "policies",
        finding.Field,
        finding.Message,
        finding.Severity == Severity.Error ? Engine.Findings.FindingSeverity.Error : Engine.Findings.FindingSeverity.Warning);
}
