using System.Diagnostics;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>A verdict, and when it was asked for and came, as timestamps of <see cref="Stopwatch"/>.</summary>
internal sealed record Answer(AuthorizeRequest Request, AuthorizeResponse Verdict, long SentAt, long ReceivedAt)
{
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(SentAt, ReceivedAt);

    /// <summary>Units that were admitted.</summary>
    public long Units => Verdict.Allowed ? Math.Max(Request.Cost, 1) : 0;

    /// <summary>Refused since nothing could stand for the store, and said so.</summary>
    public bool IsUnavailable => Verdict is { Allowed: false, Reason: Reason.StoreUnavailable, HttpStatus: 503, Degraded: true };
}
