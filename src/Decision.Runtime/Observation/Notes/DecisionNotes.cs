using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Runtime.Observation.Refusals;

namespace Decision.Runtime.Observation.Notes;

/// <summary>Which decisions are noted, and for whom: the decision log, and those who follow refusals live.</summary>
/// <param name="mode">What the log has.</param>
/// <param name="admittedOneIn">Of how many admissions the log has one, where it has any.</param>
/// <param name="queue">The way to the log; null = there is none.</param>
/// <param name="feed">Those who follow refusals.</param>
/// <param name="time">The clock.</param>
internal sealed class DecisionNotes(NoteMode mode, int admittedOneIn, NoteQueue? queue, RefusalFeed feed, TimeProvider time)
{
    /// <summary>Of how many decisions like this one it is noted as the one; 0 = it is not noted.</summary>
    public int OneIn(in Verdict verdict)
    {
        if (!verdict.IsAllowed)
        {
            return mode != NoteMode.Off || feed.HasFollowers ? 1 : 0;
        }

        return mode == NoteMode.Sampled && (admittedOneIn == 1 || Random.Shared.Next(admittedOneIn) == 0) ? admittedOneIn : 0;
    }

    /// <summary>Notes a decision. Never waits: where there is no room, it is counted as dropped.</summary>
    public void Add(in DecisionCall call, in Verdict verdict, TimeSpan elapsed, int oneIn, string traceId)
    {
        var request = call.Request;
        var note = new DecisionNote
        {
            DecisionId = DecisionId.TextOf(verdict.Number),
            At = time.GetUtcNow(),
            Elapsed = elapsed,
            OneIn = oneIn,
            Reason = verdict.Reason,
            ShadowedReason = verdict.ShadowedReason,
            Origin = verdict.Origin ?? "",
            Grant = verdict.Grant,
            ApiId = ObservedApi.Of(in call, in verdict),
            ApiVersion = request.ApiVersion ?? "",
            Method = request.Method ?? "",
            Host = request.Host ?? "",
            Path = LoggedPath.Of(request.Path, call.ApiKey),
            ClientIp = request.ClientIp ?? "",
            Cost = request.Units,
            RetryAfterUs = verdict.RetryAfterUs,
            IsPeek = call.IsPeek,
            IsDegraded = verdict.IsDegraded,
            IsReplay = verdict.IsReplay,
            TraceId = traceId,
        };
        if (mode != NoteMode.Off)
        {
            queue?.Add(note);
        }

        if (!note.IsAllowed)
        {
            feed.Tell(note);
        }
    }
}
