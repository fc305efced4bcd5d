using Decision.Engine.Grants;

namespace Decision.Engine.Steps;

/// <summary>The policies can be applied; key, policies, API and the caller's claim are of one organisation.</summary>
internal static class PoliciesStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var merged = context.Grant!.Merged;
        if (merged.Failure != Reason.Allowed)
        {
            context.Sentence = merged.FailureFinding;
            return context.Deny(merged.Failure, merged.FailureOrigin);
        }

        string organization = merged.Key.OrganizationId;
        if (context.Request.OrganizationId is { } claimed && claimed != organization)
        {
            context.Sentence = context.IsExplained ? $"The caller asks for organisation \"{claimed}\", the key belongs to \"{organization}\"." : "";
            return context.Deny(Reason.OrganizationMismatch, "key");
        }

        if (context.Api is { } api && api.Api.OrganizationId != organization)
        {
            context.Sentence = context.IsExplained
                ? $"API {context.ApiId} belongs to organisation \"{api.Api.OrganizationId}\", the key to \"{organization}\"." : "";
            return context.Deny(Reason.OrganizationMismatch, "api");
        }

        context.Sentence = context.IsExplained ? Describe(merged) : "";
        return Reason.Allowed;
    }

    private static string Describe(MergedKey merged)
    {
        string applied = merged.Policies.IsEmpty
            ? "The key has no policy; its own rights and limits count."
            : $"Applied: {string.Join(", ", merged.Policies.Select(entry => entry.Policy.Id))}.";
        return merged.MissingPolicies.IsEmpty
            ? applied
            : $"{applied} Skipped, since not there or switched off: {string.Join(", ", merged.MissingPolicies.Select(missing => missing.PolicyId))}.";
    }
}
