namespace Decision.Runtime.Transfer;

/// <summary>What an export wrote.</summary>
/// <param name="Counts">How many there are in the file.</param>
/// <param name="Damaged">Counters whose stored state cannot be read, the first hundred: they are not in the file, and start afresh here too.</param>
/// <param name="DamagedCount">How many of them there are.</param>
public sealed record ExportReport(TransferCounts Counts, IReadOnlyList<string> Damaged, long DamagedCount);
