using System.Globalization;

namespace Decision.Engine.Steps;

/// <summary>The key's time is not over: it is from the moment on that <c>expires</c> names.</summary>
internal static class ExpiryStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var grant = context.Grant!;
        bool isExpired = grant.ExpiresUs > 0 && context.NowUs > grant.ExpiresUs;
        if (context.IsExplained)
        {
            context.Sentence = grant.ExpiresUs == 0 ? "The key never expires."
                : $"The key {(isExpired ? "expired" : "expires")} at {Text(grant.ExpiresUs)} (set by {grant.Merged.ExpiresOrigin}).";
        }

        return isExpired ? context.Deny(Reason.KeyExpired, grant.Merged.ExpiresOrigin) : Reason.Allowed;
    }

    private static string Text(long us) =>
        DateTimeOffset.UnixEpoch.AddTicks(us * 10).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
