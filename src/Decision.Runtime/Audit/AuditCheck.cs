using Decision.Runtime.Stores;

namespace Decision.Runtime.Audit;

/// <summary>What a check of the whole log came to.</summary>
/// <param name="Checked">How many entries were read.</param>
/// <param name="First">The number of the first entry that is there; 0 = there is none.</param>
/// <param name="Head">The last place up to which the log is as it was written.</param>
/// <param name="Broken">The number of the first entry that is not; 0 = all are.</param>
/// <param name="Problem">What is wrong; empty = nothing.</param>
public sealed record AuditCheck(long Checked, long First, AuditHead Head, long Broken, string Problem);
