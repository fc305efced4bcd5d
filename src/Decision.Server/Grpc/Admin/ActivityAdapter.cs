using Decision.Contracts.Admin.V1;
using Decision.Runtime.Administration;
using Decision.Runtime.Observation;
using Decision.Runtime.Observation.Refusals;
using Decision.Runtime.Observation.Usage;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Grpc.Core;
using Reason = Decision.Engine.Reason;
using RefusedBy = Decision.Runtime.Observation.Refusals.RefusedBy;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="ActivityService"/> on the parts that watch decisions.</summary>
internal sealed class ActivityAdapter(RefusalFeed feed, RefusalTop top, UsageHistory history, ActivityScope scope, ServerSettings settings, ServerLife life)
    : ActivityService.ActivityServiceBase
{
    private const int UsualLimit = 20;

    public override async Task FollowRefusals(
        FollowRefusalsRequest request, IServerStreamWriter<FollowRefusalsResponse> responseStream, ServerCallContext context)
    {
        RequireRefusals();
        using var follower = feed.Follow(ToFilter(request));

        // The caller learns that from now on nothing is missed.
        await context.WriteResponseHeadersAsync([]);
        while (await NextAsync(follower, context))
        {
            while (follower.Reader.TryRead(out var note))
            {
                await responseStream.WriteAsync(
                    new FollowRefusalsResponse { Decision = ActivityMapping.ToMessage(note), Missed = follower.TakeMissed() }, context.CancellationToken);
            }
        }
    }

    public override Task<ListRefusedResponse> ListRefused(ListRefusedRequest request, ServerCallContext context)
    {
        RequireRefusals();
        if (request.Limit is < 0 or > RefusalTop.Capacity)
        {
            throw new AdministrationException("limit", $"{request.Limit} is not from 0 to {RefusalTop.Capacity}.");
        }

        var by = request.By switch
        {
            Contracts.Admin.V1.RefusedBy.Unspecified or Contracts.Admin.V1.RefusedBy.Key => RefusedBy.Key,
            Contracts.Admin.V1.RefusedBy.Policy => RefusedBy.Policy,
            Contracts.Admin.V1.RefusedBy.Api => RefusedBy.Api,
            _ => throw new AdministrationException("by", $"{(int)request.By} is nothing to count by: write KEY, POLICY or API."),
        };
        var report = top.Read(by, ActivityScope.OrganizationOf(request.HasOrganizationId ? request.OrganizationId : null), request.Limit == 0 ? UsualLimit : request.Limit);
        return Task.FromResult(ActivityMapping.ToMessage(report));
    }

    public override async Task<GetUsageHistoryResponse> GetUsageHistory(GetUsageHistoryRequest request, ServerCallContext context)
    {
        var kind = request.Subject switch
        {
            UsageSubject.Key => UsageKind.Key,
            UsageSubject.Policy => UsageKind.Policy,
            UsageSubject.Api => UsageKind.Api,
            _ => throw new AdministrationException("subject", "says not whose use is wanted: write KEY, POLICY or API."),
        };
        if (request.Id.Length == 0)
        {
            throw new AdministrationException("id", "is empty: write the id of the key, policy or API.");
        }

        await scope.RequireAsync(kind, request.Id, context.CancellationToken);
        var hours = await history.ReadAsync(
            kind, request.Id, request.Start?.ToDateTimeOffset(), request.End?.ToDateTimeOffset(), context.CancellationToken);
        return ActivityMapping.ToMessage(hours);
    }

    private void RequireRefusals()
    {
        if (!settings.ObservesRefusals)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition, "Refusals are not observed: set Observe:Refusals to true, and start the server again.");
        }
    }

    private async Task<bool> NextAsync(RefusalFollower follower, ServerCallContext context)
    {
        var next = follower.Reader.WaitToReadAsync(context.CancellationToken).AsTask();
        if (await Task.WhenAny(next, life.Draining) != next)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping: follow another replica, or this one a little later."));
        }

        return await next;
    }

    private static RefusalFilter ToFilter(FollowRefusalsRequest request)
    {
        foreach (var reason in request.Reasons)
        {
            if (reason is WireReason.Unspecified or WireReason.Allowed || !Enum.IsDefined(reason))
            {
                throw new AdministrationException("reasons", $"{(int)reason} is no reason of a refusal.");
            }
        }

        return new RefusalFilter
        {
            OrganizationId = ActivityScope.OrganizationOf(request.HasOrganizationId ? request.OrganizationId : null),
            KeyId = NullIfEmpty(request.KeyId),
            PolicyId = NullIfEmpty(request.PolicyId),
            ApiId = NullIfEmpty(request.ApiId),
            Reasons = [.. request.Reasons.Select(reason => (Reason)reason)],
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
