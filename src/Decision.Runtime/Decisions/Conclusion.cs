using Decision.Engine;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Decisions;

/// <summary>Turns what the counters answered into the verdict.</summary>
internal static class Conclusion
{
    public static Verdict Of(in Admission admission, in SpendResult result)
    {
        if (!result.IsReplay)
        {
            return DecisionEngine.Conclude(in admission, result.Outcomes);
        }

        // The first verdict again, of the limits that were in force then.
        var first = admission.WithCharges(result.ReplayedCharges);
        return DecisionEngine.Conclude(in first, result.Outcomes).AsReplay();
    }
}
