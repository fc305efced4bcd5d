using System.Diagnostics;
using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Runtime.Observation;

namespace Decision.Runtime.Tracing;

/// <summary>
/// A span for each decision that is traced, child of the caller's by W3C trace context. Where the caller names a trace, its word on whether it is
/// recorded counts; of others one in a number is traced. What is not traced costs a look at the current activity.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="oneIn">Of how many decisions without a caller's trace one is traced; 0 = none.</param>
public sealed class DecisionTracing(TimeProvider time, int oneIn) : IDisposable
{
    /// <summary>The source's name, for exporters.</summary>
    public const string SourceName = "Decision";

    private const string SpanName = "decide";

    // Made by the host around each call. It holds the caller's context, and is itself in no trace.
    private const string HostActivity = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly ActivitySource _source = new(SourceName);

    /// <inheritdoc />
    public void Dispose() => _source.Dispose();

    /// <summary>Whether the decision that is being recorded on this way of execution is to be traced.</summary>
    /// <param name="caller">The caller's span; default = it names none.</param>
    internal bool IsTraced(out ActivityContext caller)
    {
        caller = default;
        if (!_source.HasListeners())
        {
            return false;
        }

        var current = Activity.Current;
        if (current is { OperationName: not HostActivity })
        {
            caller = current.Context;
            return current.Recorded;
        }

        if (current?.ParentId is { } parent && ActivityContext.TryParse(parent, current.TraceStateString, isRemote: true, out caller))
        {
            return (caller.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        }

        return oneIn > 0 && Random.Shared.Next(oneIn) == 0;
    }

    /// <summary>Makes the span of a decision that has just ended.</summary>
    /// <returns>The trace's id; empty = nobody wanted the span.</returns>
    internal string Record(in ActivityContext caller, in DecisionCall call, in Verdict verdict, TimeSpan elapsed)
    {
        var end = time.GetUtcNow();
        var current = Activity.Current;
        if (caller == default)
        {
            // Else it would become a child of the host's own.
            Activity.Current = null;
        }

        string traceId = "";
        using (var span = _source.StartActivity(SpanName, ActivityKind.Server, caller, startTime: end - elapsed))
        {
            if (span is not null)
            {
                traceId = span.TraceId.ToHexString();
                Describe(span, in call, in verdict);
                span.SetEndTime(end.UtcDateTime);
            }
        }

        Activity.Current = current;
        return traceId;
    }

    // Never the key, and of the path nothing: a key may be in it.
    private static void Describe(Activity span, in DecisionCall call, in Verdict verdict)
    {
        span.SetTag("decision.id", DecisionId.TextOf(verdict.Number));
        span.SetTag("decision.allowed", verdict.IsAllowed);
        span.SetTag("decision.reason", verdict.Reason.ToName());
        span.SetTag("decision.api_id", ObservedApi.Of(in call, in verdict));
        Tag(span, "decision.origin", verdict.Origin);
        Tag(span, "decision.key_id", verdict.Grant?.KeyId);
        Tag(span, "decision.organization_id", verdict.Grant?.OrganizationId);
        Tag(span, "decision.shadowed_reason", verdict.ShadowedReason == Reason.Unspecified ? null : verdict.ShadowedReason.ToName());
        if (verdict.IsDegraded)
        {
            span.SetTag("decision.degraded", true);
        }

        if (verdict.Reason == Reason.StoreUnavailable)
        {
            span.SetStatus(ActivityStatusCode.Error, ReasonTable.Message(verdict.Reason));
        }
    }

    private static void Tag(Activity span, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            span.SetTag(name, value);
        }
    }
}
