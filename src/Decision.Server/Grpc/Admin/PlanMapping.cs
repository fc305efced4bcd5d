using Decision.Runtime.Administration;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Plans on the wire.</summary>
internal static class PlanMapping
{
    public static V1.PolicyPlan ToMessage(PolicyPlan plan) => new()
    {
        Policies = { plan.Policies.Select(ToMessage) },
        Findings = { FindingMapping.ToMessages(plan.Findings) },
        Valid = !plan.Findings.HasErrors,
        Fingerprint = plan.Fingerprint,
        NeedsForce = plan.NeedsForce,
    };

    private static V1.PolicyChange ToMessage(PolicyChange change) => new()
    {
        Id = change.Id,
        OrgId = (change.After ?? change.Before)!.OrganizationId,
        Kind = change.Kind switch
        {
            PolicyChangeKind.Created => V1.PolicyChangeKind.Created,
            PolicyChangeKind.Updated => V1.PolicyChangeKind.Updated,
            PolicyChangeKind.Deleted => V1.PolicyChangeKind.Deleted,
            _ => V1.PolicyChangeKind.Unchanged,
        },
        Fields = { change.Fields.Select(ToMessage) },
        KeysUsing = change.KeysUsing,
        Revision = change.Revision,
        Etag = change.Etag,
    };

    private static V1.PolicyFieldChange ToMessage(FieldChange change)
    {
        var message = new V1.PolicyFieldChange { Field = change.Field };
        if (change.Before is { } before)
        {
            message.Before = before;
        }

        if (change.After is { } after)
        {
            message.After = after;
        }

        return message;
    }
}
