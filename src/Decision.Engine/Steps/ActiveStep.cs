namespace Decision.Engine.Steps;

/// <summary>Nothing switches the key off: neither itself, nor a policy, nor its organisation.</summary>
internal static class ActiveStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var merged = context.Grant!.Merged;
        context.Organization = context.Rules.Organizations.Find(merged.Key.OrganizationId);
        if (merged.InactiveOrigin.Length > 0)
        {
            context.Sentence = !context.IsExplained ? ""
                : merged.Key.IsInactive ? "The key's is_inactive is set."
                : $"Policy {merged.InactiveOrigin} sets is_inactive for all of its keys.";
            return context.Deny(Reason.KeyInactive, merged.InactiveOrigin);
        }

        if (context.Organization is { Organization.IsInactive: true })
        {
            context.Sentence = context.IsExplained ? $"Organisation \"{merged.Key.OrganizationId}\" is switched off." : "";
            return context.Deny(Reason.KeyInactive, "organization");
        }

        context.Sentence = "Key, policies and organisation are switched on.";
        return Reason.Allowed;
    }
}
