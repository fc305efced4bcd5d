using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Runtime.Decisions.Groups;
using Decision.Server.Callers;
using Decision.Server.Grpc;
using Decision.Server.Proxies.Headers;
using Envoy.Service.RateLimit.V3;
using Grpc.Core;

namespace Decision.Server.Proxies.Envoy;

/// <summary>
/// Envoy's rate limit service. Envoy gives up after 20 ms and then lets the request pass unless it was told otherwise, so an answer in time is
/// part of being right: 12 ms, or less where the caller's deadline leaves less.
/// </summary>
internal sealed class RateLimitGrpcService(
    GroupDecisions decisions, CallerAccess access, VerdictMapping verdicts, TimeProvider time, ILogger<RateLimitGrpcService> log)
    : RateLimitService.RateLimitServiceBase
{
    /// <summary>Descriptors in one request.</summary>
    public const int MostDescriptors = ChargeList.Capacity / ChargeList.Usual;

    /// <summary>How long an answer may take where the caller leaves more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(12);

    // Of the caller's deadline: for the way back.
    private static readonly TimeSpan WayBack = TimeSpan.FromMilliseconds(2);

    public override async Task<RateLimitResponse> ShouldRateLimit(RateLimitRequest request, ServerCallContext context)
    {
        try
        {
            return await AnswerAsync(request, context);
        }
        catch (OperationCanceledException)
        {
            // Who asked has gone; what is answered reaches nobody.
            return RateLimitAnswers.Refused(request.Descriptors.Count, "The request could not be decided", "INTERNAL");
        }
        catch (Exception exception)
        {
            ProxyLog.Failed(log, "rate limit service", exception);
            return RateLimitAnswers.Refused(request.Descriptors.Count, "The request could not be decided", "INTERNAL");
        }
    }

    private async Task<RateLimitResponse> AnswerAsync(RateLimitRequest request, ServerCallContext context)
    {
        int count = request.Descriptors.Count;
        if (count is 0 or > MostDescriptors)
        {
            return Malformed(count, $"descriptors has {count} entries: send 1 to {MostDescriptors}.");
        }

        if (access.Identify(context.GetHttpContext(), isProxied: false, out var caller) is { } unknown)
        {
            return RateLimitAnswers.Refused(count, unknown, CallerAccess.Unauthenticated);
        }

        var reader = new DescriptorReader(request, caller, access);
        var calls = new List<GroupedCall>(count);
        int[] places = new int[count];
        for (int index = 0; index < count; index++)
        {
            if (reader.Read(index, out var call) is { } problem)
            {
                return reader.IsForbidden ? RateLimitAnswers.Refused(count, problem, CallerAccess.PermissionDenied) : Malformed(count, problem);
            }

            places[index] = call is null ? -1 : calls.Count;
            if (call is not null)
            {
                calls.Add(call);
            }
        }

        if (calls.Count == 0)
        {
            return RateLimitAnswers.Of(new AuthorizeResponse?[count], time.GetUtcNow());
        }

        var decided = await decisions.DecideAsync(calls, PatienceOf(context.Deadline), context.CancellationToken);
        var told = new AuthorizeResponse?[count];
        for (int index = 0; index < count; index++)
        {
            told[index] = places[index] < 0 ? null : verdicts.ToResponse(in decided[places[index]]);
        }

        return RateLimitAnswers.Of(told, time.GetUtcNow());
    }

    private TimeSpan PatienceOf(DateTime deadline)
    {
        if (deadline == DateTime.MaxValue)
        {
            return Patience;
        }

        var left = deadline - time.GetUtcNow().UtcDateTime - WayBack;
        return left < Patience ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : Patience;
    }

    private RateLimitResponse Malformed(int descriptors, string problem)
    {
        ProxyLog.Malformed(log, "rate limit service", problem);
        return RateLimitAnswers.Refused(Math.Min(descriptors, MostDescriptors), problem, ClientHeaders.Malformed);
    }
}
