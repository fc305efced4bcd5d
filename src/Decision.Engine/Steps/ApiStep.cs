namespace Decision.Engine.Steps;

/// <summary>The API is granted.</summary>
internal static class ApiStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var grant = context.Grant!;
        context.ApiGrant = grant.Find(context.ApiId);
        if (context.ApiGrant is null)
        {
            context.Sentence = !context.IsExplained ? ""
                : grant.Merged.IsMaster ? "Neither the key nor its policies name any API, and Keys:AllowMasterKeys is off."
                : $"API {context.ApiId} is not among those granted: {string.Join(", ", grant.Merged.Rights.Keys)}.";
            return context.Deny(Reason.ApiNotGranted, "key");
        }

        if (context.IsExplained)
        {
            var by = context.ApiGrant.Right.GrantedBy;
            context.Sentence = grant.Merged.IsMaster ? "A master key: every API is granted."
                : by.IsEmpty ? $"API {context.ApiId} is granted by the key itself."
                : $"API {context.ApiId} is granted by {string.Join(", ", by)}.";
        }

        return Reason.Allowed;
    }
}
