using System.Diagnostics;
using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Runtime.Observation.Notes;
using Decision.Runtime.Observation.Quotas;
using Decision.Runtime.Observation.Refusals;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Tracing;

namespace Decision.Runtime.Observation;

/// <summary>
/// What is done with a decision once it is made, beside counting it: its trace, its line in the log. A part that is
/// not wanted is null, and costs one look.
/// </summary>
/// <param name="tracing">Spans.</param>
/// <param name="notes">The decision log, and those who follow refusals live.</param>
/// <param name="refusals">Who is refused most.</param>
/// <param name="usage">Allowed and refused by the hour.</param>
/// <param name="quotas">Thresholds of quotas.</param>
internal sealed class DecisionWatch(
    DecisionTracing? tracing, DecisionNotes? notes, RefusalTop? refusals, UsageCounts? usage, QuotaThresholds? quotas)
{
    /// <summary>Looks at a decision, and reads it: with a number where something was noted of it.</summary>
    public T Record<T>(in DecisionCall call, in Verdict verdict, TimeSpan elapsed, VerdictReader<T> read)
    {
        if (!call.IsPeek && !verdict.IsReplay)
        {
            usage?.Count(in call, in verdict);
            quotas?.Look(in verdict);
            if (!verdict.IsAllowed)
            {
                refusals?.Count(in call, in verdict);
            }
        }

        ActivityContext caller = default;
        bool isTraced = tracing is not null && tracing.IsTraced(out caller);
        int oneIn = notes is null ? 0 : notes.OneIn(in verdict);
        if (!isTraced && oneIn == 0)
        {
            return read(in verdict);
        }

        var numbered = verdict with { Number = DecisionId.Next() };
        string traceId = isTraced ? tracing!.Record(in caller, in call, in numbered, elapsed) : "";
        if (oneIn > 0)
        {
            notes!.Add(in call, in numbered, elapsed, oneIn, traceId);
        }

        return read(in numbered);
    }
}
