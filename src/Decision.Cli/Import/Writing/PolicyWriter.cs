using Decision.Cli.Import.Planning;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using FieldMask = Google.Protobuf.WellKnownTypes.FieldMask;

namespace Decision.Cli.Import.Writing;

/// <summary>
/// Writes the policies of a plan: all of them or none, in one step, so that no key is decided by a part of them. A service that cannot do so takes
/// them one after the other, and what it refuses is left out.
/// </summary>
internal sealed class PolicyWriter(Session session, ImportOutcome outcome, Action onWritten)
{
    public async Task WriteAsync(IReadOnlyList<Planned<Policy>> policies)
    {
        foreach (var refused in policies.Where(static policy => policy.Problem.Length > 0))
        {
            outcome.AddFailure("policy " + refused.Id, refused.Problem);
        }

        Planned<Policy>[] written = [.. policies.Where(static policy => policy.IsWritten)];
        if (written.Length == 0)
        {
            Tell(policies);
            return;
        }

        if (outcome.Failures.Count > 0)
        {
            outcome.AddFailure("policies", "were not written, as one of them was refused and they are written together: mend it, or take it out, and run the import again.");
            return;
        }

        try
        {
            await ApplyAsync(written);
            Tell(policies);
        }
        catch (RpcException unable) when (unable.StatusCode == StatusCode.Unimplemented)
        {
            foreach (var policy in policies)
            {
                await WriteOneAsync(policy);
                onWritten();
            }
        }
        catch (RpcException refused) when (Refusal.Of(refused, session) is { } sentence)
        {
            outcome.AddFailure("policies", $"were not written, none of them: {sentence}");
        }
    }

    // Looked at first: what the service has now must be what the plan was made from, and must stay so until it is written.
    private async Task ApplyAsync(Planned<Policy>[] written)
    {
        var wanted = new WantedPolicies { Policies = { written.Select(static policy => policy.Record) } };
        var now = (await session.Policies.ApplyPoliciesAsync(new ApplyPoliciesRequest { Wanted = wanted, DryRun = true, MaxKeys = 0 })).Plan;
        var etags = now.Policies.ToDictionary(static policy => policy.Id, static policy => policy.Etag, StringComparer.Ordinal);
        string[] changed = [.. written.Where(policy => etags.GetValueOrDefault(policy.Id) != policy.Etag).Select(static policy => policy.Id)];
        if (changed.Length > 0)
        {
            outcome.AddFailure("policies", $"were not written, none of them: since they were read, somebody has changed {string.Join(", ", changed)}. Run the import again.");
            return;
        }

        await session.Policies.ApplyPoliciesAsync(new ApplyPoliciesRequest { Wanted = wanted, Fingerprint = now.Fingerprint, MaxKeys = 0 });
        foreach (var policy in written)
        {
            outcome.AddWritten("policies", policy.Action == PlannedAction.Create);
        }
    }

    private async Task WriteOneAsync(Planned<Policy> policy)
    {
        try
        {
            if (policy.Action == PlannedAction.Create)
            {
                await session.Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy.Record });
            }
            else if (policy.Action == PlannedAction.Update)
            {
                var record = policy.Record.Clone();
                record.Etag = policy.Etag;
                await session.Policies.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = record, UpdateMask = new FieldMask { Paths = { "*" } } });
            }

            if (policy.IsWritten)
            {
                outcome.AddWritten("policies", policy.Action == PlannedAction.Create);
            }
        }
        catch (RpcException refused) when (Refusal.Of(refused, session) is { } sentence)
        {
            outcome.AddFailure("policy " + policy.Id, sentence);
        }
    }

    private void Tell(IReadOnlyList<Planned<Policy>> policies)
    {
        for (int count = 0; count < policies.Count; count++)
        {
            onWritten();
        }
    }
}
