namespace Decision.Engine.Steps;

/// <summary>Which API the request is for, and whether its path is public.</summary>
internal static class MappingStep
{
    public static Reason Check(ref DecisionContext context)
    {
        if (context.ApiId.Length > 0)
        {
            context.Api = context.Rules.Apis.Find(context.ApiId);
        }
        else
        {
            if (!context.TryReadPath(out var path))
            {
                context.Sentence = context.PathProblem ?? "";
                return context.Deny(Reason.PathInvalid, "api");
            }

            context.Api = context.Rules.Apis.Find(context.Request.Host, path.Whole);
            if (context.Api is null)
            {
                context.Sentence = context.IsExplained ? $"No registered API answers host \"{context.Request.Host}\" and path {path.Whole}." : "";
                return context.Deny(Reason.ApiUnknown, "api");
            }

            context.ApiId = context.Api.Api.Id;
        }

        if (context.Api is { } known && !context.Request.MayAskFor(known.Api.OrganizationId))
        {
            context.Api = null;
            return context.Deny(Reason.ApiUnknown, "api");
        }

        if (context.Api is { Public.IsEmpty: false } api && context.TryReadPath(out var asked))
        {
            context.IsPublic = api.Public.Matches(context.Request.Method, asked);
        }

        if (context.IsExplained)
        {
            context.Sentence = context.Api is null ? $"API {context.ApiId} is not registered and used as it is given."
                : context.IsPublic ? $"API {context.ApiId}: {context.Request.Method} on this path is public, no key is needed."
                : $"API {context.ApiId} is registered.";
        }

        return Reason.Allowed;
    }
}
