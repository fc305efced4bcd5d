using Decision.Engine;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Decisions;

/// <summary>Turns what the counters answered into the verdict.</summary>
internal static class Conclusion
{
    public static Verdict Of(in Admission admission, in SpendResult result)
    {
        if (result.Replay is not { } replay)
        {
            return DecisionEngine.Conclude(in admission, result.Outcomes);
        }

        // The first verdict again, of the limits that were in force then.
        var first = admission.WithCharges(replay.Charges);
        return DecisionEngine.Conclude(in first, result.Outcomes).AsReplay();
    }
}
