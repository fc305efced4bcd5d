using System.Globalization;
using System.Text;

namespace Decision.Client.AspNetCore.Headers;

/// <summary>
/// What the client is told, as the service's own forward auth does: <c>RateLimit-Policy</c> and <c>RateLimit</c>
/// (draft-ietf-httpapi-ratelimit-headers) for every limit that has an end, <c>X-RateLimit-*</c> for one of them, <c>Retry-After</c>, and which
/// decision it was.
/// </summary>
internal static class ClientHeaders
{
    public const string DecisionId = "X-Decision-Id";
    public const string DecisionReason = "X-Decision-Reason";

    /// <summary>The reason that is told where a request could not be read.</summary>
    public const string Malformed = "INVALID_ARGUMENT";

    public static void Write(IHeaderDictionary headers, Verdict verdict, DateTimeOffset now)
    {
        WriteLimits(headers, verdict, now);
        if (verdict.RetryAfter is { } wait && !verdict.IsAllowed)
        {
            headers.RetryAfter = HeaderSeconds.Of(wait).ToString(CultureInfo.InvariantCulture);
        }

        if (verdict.HttpStatus == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110, 15.5.2: a 401 says how to come with a key.
            headers.WWWAuthenticate = "Bearer";
        }

        if (verdict.DecisionId.Length > 0)
        {
            headers[DecisionId] = verdict.DecisionId;
        }
        else
        {
            headers.Remove(DecisionId);
        }

        headers[DecisionReason] = verdict.Reason.ToName();
    }

    private static void WriteLimits(IHeaderDictionary headers, Verdict verdict, DateTimeOffset now)
    {
        LimitStatus? told = null;
        StringBuilder policies = new(), states = new();
        foreach (var limit in verdict.Limits.Where(limit => limit.Limit >= 0))
        {
            told = Preferred(told, limit);
            string name = $"{(policies.Length == 0 ? "" : ", ")}\"{LimitName.Of(limit)}\"";
            policies.Append(name).Append(CultureInfo.InvariantCulture, $";q={limit.Limit}");
            if (limit.Period is { } period)
            {
                policies.Append(CultureInfo.InvariantCulture, $";w={HeaderSeconds.Of(period)}");
            }

            states.Append(name).Append(CultureInfo.InvariantCulture, $";r={Math.Max(0, limit.Remaining)}");
            if (limit.ResetAfter is { } reset)
            {
                states.Append(CultureInfo.InvariantCulture, $";t={HeaderSeconds.Of(reset)}");
            }
        }

        if (told is null)
        {
            return;
        }

        headers["RateLimit-Policy"] = policies.ToString();
        headers["RateLimit"] = states.ToString();
        headers["X-RateLimit-Limit"] = told.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = Math.Max(0, told.Remaining).ToString(CultureInfo.InvariantCulture);

        // Seconds since the Unix epoch, as Tyk's; 0 = it is whole, or never renews.
        long resetAt = told.ResetAfter is { } after ? now.ToUnixTimeSeconds() + HeaderSeconds.Of(after) : 0;
        headers["X-RateLimit-Reset"] = resetAt.ToString(CultureInfo.InvariantCulture);
    }

    // X-RateLimit-* have room for one limit: the first that refuses; else the quota, as with Tyk; else the last one that there is.
    private static LimitStatus Preferred(LimitStatus? before, LimitStatus limit) =>
        before is null ? limit
        : before.IsDenied ? before
        : limit.IsDenied || limit.Name == "quota" || before.Name != "quota" ? limit
        : before;
}
