namespace Decision.Engine.Steps;

/// <summary>Path and method are granted. Only here, where a path decides, is an ambiguous one refused.</summary>
internal static class PathStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var right = context.ApiGrant!;
        if (right.Urls.IsEmpty && !right.HasEndpoints && context.Api is null or { Public.IsEmpty: true })
        {
            context.Sentence = "Every path is granted.";
            return Reason.Allowed;
        }

        if (!context.TryReadPath(out var path))
        {
            context.Sentence = context.PathProblem ?? "";
            return context.Deny(Reason.PathInvalid, "key");
        }

        bool isGranted = right.Urls.Allows(context.Request.Method, path);
        if (context.IsExplained)
        {
            context.Sentence = right.Urls.IsEmpty ? "Every path is granted."
                : isGranted ? $"{context.Request.Method} {path.Whole} is among the allowed_urls."
                : $"{context.Request.Method} {path.Whole} is not among the {right.Right.Access.AllowedUrls.Length} allowed_urls.";
        }

        return isGranted ? Reason.Allowed : context.Deny(Reason.PathNotGranted, right.Right.Grantor);
    }
}
