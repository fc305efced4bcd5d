namespace Decision.Engine.Steps;

/// <summary>The version is granted, where the API has versions or the request names one of an unregistered API.</summary>
internal static class VersionStep
{
    public static Reason Check(ref DecisionContext context)
    {
        string version = context.Request.ApiVersion ?? "";
        if (context.Api is { } api)
        {
            if (api.Api.Versions.IsEmpty)
            {
                context.Sentence = "The API is not versioned.";
                return Reason.Allowed;
            }

            version = version.Length > 0 ? version : api.Api.DefaultVersion;
            if (!api.Api.Versions.AsSpan().Contains(version))
            {
                context.Sentence = context.IsExplained
                    ? $"API {context.ApiId} has no version \"{version}\"; it has {string.Join(", ", api.Api.Versions)}." : "";
                return context.Deny(Reason.VersionNotGranted, "api");
            }
        }
        else if (version.Length == 0)
        {
            context.Sentence = "The request names no version.";
            return Reason.Allowed;
        }

        // A master key has no list of its own to check; every other right grants just what it lists.
        bool isGranted = context.ApiGrant!.Versions.Contains(version) || context.Grant!.Merged.IsMaster;
        if (context.IsExplained)
        {
            context.Sentence = isGranted ? $"Version \"{version}\" is granted."
                : $"Version \"{version}\" is not among those granted: {string.Join(", ", context.ApiGrant.Right.Access.Versions)}.";
        }

        return isGranted ? Reason.Allowed : context.Deny(Reason.VersionNotGranted, context.ApiGrant.Right.Grantor);
    }
}
