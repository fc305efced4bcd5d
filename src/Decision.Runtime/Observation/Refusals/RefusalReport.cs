namespace Decision.Runtime.Observation.Refusals;

/// <summary>Who was refused most.</summary>
/// <param name="Since">From when on refusals are counted.</param>
/// <param name="Total">All refusals since then, of the organisation that was asked for where one was.</param>
/// <param name="Names">The most frequent first.</param>
public sealed record RefusalReport(DateTimeOffset Since, long Total, IReadOnlyList<RefusedName> Names);
