using Decision.Contracts.V1;
using Decision.Server.Proxies.Headers;
using Envoy.Config.Core.V3;
using Envoy.Service.RateLimit.V3;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Unit = Envoy.Service.RateLimit.V3.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace Decision.Server.Proxies.Envoy;

/// <summary>From verdicts to the answer of the rate limit service.</summary>
internal static class RateLimitAnswers
{
    /// <summary>The answer.</summary>
    /// <param name="verdicts">One for each descriptor; null = nothing of ours was asked.</param>
    /// <param name="now">The moment, for <c>X-RateLimit-Reset</c>.</param>
    public static RateLimitResponse Of(IReadOnlyList<AuthorizeResponse?> verdicts, DateTimeOffset now)
    {
        var response = new RateLimitResponse { OverallCode = RateLimitResponse.Types.Code.Ok };
        AuthorizeResponse? told = null;
        foreach (var verdict in verdicts)
        {
            response.Statuses.Add(StatusOf(verdict));
            if (verdict is null)
            {
                continue;
            }

            // The first that refuses is told to the client, else the first with a limit.
            if (!verdict.Allowed && response.OverallCode == RateLimitResponse.Types.Code.Ok)
            {
                response.OverallCode = RateLimitResponse.Types.Code.OverLimit;
                told = verdict;
            }
            else if (response.OverallCode == RateLimitResponse.Types.Code.Ok && (told is null || told.Limits.Count == 0))
            {
                told = verdict;
            }
        }

        if (told is null)
        {
            return response;
        }

        var sink = new HeaderValueSink(response.ResponseHeadersToAdd);
        ClientHeaders.Write(told, now, ref sink);
        if (!told.Allowed)
        {
            sink.Add("content-type", DenialBody.ContentType);
            response.RawBody = ByteString.CopyFromUtf8(DenialBody.Of(told.Message));
            response.DynamicMetadata = VerdictStruct.Of(told);
        }

        return response;
    }

    /// <summary>Over the limit and not a failed call: by default Envoy lets failed calls pass.</summary>
    public static RateLimitResponse Refused(int descriptors, string problem, string reason)
    {
        var response = new RateLimitResponse
        {
            OverallCode = RateLimitResponse.Types.Code.OverLimit,
            RawBody = ByteString.CopyFromUtf8(DenialBody.Of(problem)),
        };
        for (int index = 0; index < descriptors; index++)
        {
            response.Statuses.Add(new RateLimitResponse.Types.DescriptorStatus { Code = RateLimitResponse.Types.Code.OverLimit });
        }

        var sink = new HeaderValueSink(response.ResponseHeadersToAdd);
        sink.Add("content-type", DenialBody.ContentType);
        sink.Add(ClientHeaders.Reason, reason);
        return response;
    }

    private static RateLimitResponse.Types.DescriptorStatus StatusOf(AuthorizeResponse? verdict)
    {
        var status = new RateLimitResponse.Types.DescriptorStatus
        {
            Code = verdict is { Allowed: false } ? RateLimitResponse.Types.Code.OverLimit : RateLimitResponse.Types.Code.Ok,
        };
        if (verdict is null || NearestOf(verdict.Limits) is not { } limit)
        {
            return status;
        }

        var (unit, isWhole) = UnitOf(limit.Period);
        status.CurrentLimit = new RateLimitResponse.Types.RateLimit
        {
            RequestsPerUnit = (uint)Math.Min(limit.Limit, uint.MaxValue),
            Unit = unit,
            Name = isWhole ? $"{limit.Name} {limit.Scope}" : $"{limit.Name} {limit.Scope} per {limit.Period?.ToTimeSpan().TotalSeconds ?? 0:0.###} s",
        };
        status.LimitRemaining = (uint)Math.Clamp(limit.Remaining, 0, uint.MaxValue);
        status.DurationUntilReset = limit.ResetAfter;
        return status;
    }

    // The first that refuses, else the one of which the smallest part is left.
    private static LimitStatus? NearestOf(RepeatedField<LimitStatus> limits)
    {
        LimitStatus? nearest = null;
        foreach (var limit in limits)
        {
            if (limit.Limit < 0 || nearest is { Denied: true })
            {
                continue;
            }

            if (nearest is null || limit.Denied || (double)limit.Remaining / limit.Limit < (double)nearest.Remaining / nearest.Limit)
            {
                nearest = limit;
            }
        }

        return nearest;
    }

    private static (Unit Unit, bool IsWhole) UnitOf(Duration? period) => period is not { Nanos: 0 } ? (Unit.Unknown, false) : period.Seconds switch
    {
        1 => (Unit.Second, true),
        60 => (Unit.Minute, true),
        3600 => (Unit.Hour, true),
        86_400 => (Unit.Day, true),
        7 * 86_400 => (Unit.Week, true),
        28 * 86_400 or 29 * 86_400 or 30 * 86_400 or 31 * 86_400 => (Unit.Month, true),
        365 * 86_400 or 366 * 86_400 => (Unit.Year, true),
        _ => (Unit.Unknown, false),
    };

    private readonly struct HeaderValueSink(RepeatedField<HeaderValue> headers) : IHeaderSink
    {
        public void Add(string name, string value) => headers.Add(new HeaderValue { Key = name, Value = value });
    }
}
