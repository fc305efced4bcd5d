using System.Globalization;
using System.Runtime.CompilerServices;
using Decision.Contracts.V1;
using Decision.Engine;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Proxies.Headers;

/// <summary>
/// What the client is told: <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers) for every limit that has an
/// end, <c>X-RateLimit-*</c> for one of them, <c>Retry-After</c> where waiting helps, and which decision it was.
/// </summary>
internal static class ClientHeaders
{
    public const string DecisionId = "x-decision-id";
    public const string Reason = "x-decision-reason";
    public const string RetryAfter = "retry-after";

    /// <summary>The reason that is told where a request could not be read.</summary>
    public const string Malformed = "INVALID_ARGUMENT";

    // Characters of a header of limits before memory is rented for it.
    private const int OnStack = 256;

    public static void Write<TSink>(AuthorizeResponse verdict, DateTimeOffset now, ref TSink sink)
        where TSink : struct, IHeaderSink
    {
        WriteLimits(verdict, now, ref sink);
        if (verdict.RetryAfter is { } wait)
        {
            sink.Add(RetryAfter, HeaderSeconds.Of(wait).ToString(CultureInfo.InvariantCulture));
        }

        if (verdict.HttpStatus == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110, 15.5.2: a 401 says how to come with a key.
            sink.Add("www-authenticate", "Bearer");
        }

        sink.Add(DecisionId, verdict.DecisionId);
        sink.Add(Reason, NameOf(verdict.Reason));
    }

    /// <summary>The reason without its prefix, such as <c>RATE_LIMITED</c>.</summary>
    public static string NameOf(WireReason reason) => ((Engine.Reason)reason).ToName();

    private static void WriteLimits<TSink>(AuthorizeResponse verdict, DateTimeOffset now, ref TSink sink)
        where TSink : struct, IHeaderSink
    {
        LimitStatus? told = null;
        var policies = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[OnStack]);
        var states = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[OnStack]);
        foreach (var limit in verdict.Limits)
        {
            if (limit.Limit < 0)
            {
                continue;
            }

            string begin = told is null ? "\"" : ", \"";
            told = Preferred(told, limit);
            string name = LimitName.Of(limit);
            policies.AppendLiteral(begin);
            policies.AppendLiteral(name);
            policies.AppendLiteral("\";q=");
            policies.AppendFormatted(limit.Limit);
            if (limit.Period is { } period)
            {
                policies.AppendLiteral(";w=");
                policies.AppendFormatted(HeaderSeconds.Of(period));
            }

            states.AppendLiteral(begin);
            states.AppendLiteral(name);
            states.AppendLiteral("\";r=");
            states.AppendFormatted(Math.Max(0, limit.Remaining));
            if (limit.ResetAfter is { } reset)
            {
                states.AppendLiteral(";t=");
                states.AppendFormatted(HeaderSeconds.Of(reset));
            }
        }

        if (told is null)
        {
            return;
        }

        sink.Add("ratelimit-policy", policies.ToStringAndClear());
        sink.Add("ratelimit", states.ToStringAndClear());
        sink.Add("x-ratelimit-limit", told.Limit.ToString(CultureInfo.InvariantCulture));
        sink.Add("x-ratelimit-remaining", Math.Max(0, told.Remaining).ToString(CultureInfo.InvariantCulture));

        // As Tyk's: seconds since the Unix epoch; 0 = it is whole, or never renews.
        long resetAt = told.ResetAfter is { } after ? now.ToUnixTimeSeconds() + HeaderSeconds.Of(after) : 0;
        sink.Add("x-ratelimit-reset", resetAt.ToString(CultureInfo.InvariantCulture));
    }

    // X-RateLimit-* have room for one limit: the first that refuses; else the key's quota, as with Tyk; else the last one that there is.
    private static LimitStatus Preferred(LimitStatus? before, LimitStatus limit) =>
        before is null ? limit
        : before.Denied ? before
        : limit.Denied || limit.Name == "quota" || before.Name != "quota" ? limit
        : before;
}
