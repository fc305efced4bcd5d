namespace Decision.Engine.Steps;

/// <summary>The query is not deeper than the key may ask. We never see bodies: the caller states the depth.</summary>
internal static class DepthStep
{
    public static Reason Check(ref DecisionContext context)
    {
        int most = context.ApiGrant!.MaxQueryDepth;
        bool isTooDeep = most > 0 && context.Request.QueryDepth > most;
        if (context.IsExplained)
        {
            context.Sentence = most == 0 ? "The query depth is not limited."
                : context.Request.QueryDepth == 0 ? $"The request states no query depth; {most} would be the most."
                : $"The query is {context.Request.QueryDepth} deep, {most} is the most.";
        }

        return isTooDeep
            ? context.Deny(Reason.QueryTooDeep, context.ApiGrant.Right.Limits.MaxQueryDepth!.Origin.Name)
            : Reason.Allowed;
    }
}
