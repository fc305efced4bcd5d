using Decision.Engine;
using Decision.Runtime.Decisions;

namespace Decision.Runtime.Observation;

/// <summary>Which API a decision was about.</summary>
internal static class ObservedApi
{
    /// <summary>The one that was found, else the one that the caller named; empty = neither.</summary>
    public static string Of(in DecisionCall call, in Verdict verdict) => verdict.Api?.Api.Id ?? call.Request.ApiId ?? "";
}
