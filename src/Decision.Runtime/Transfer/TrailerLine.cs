namespace Decision.Runtime.Transfer;

/// <summary>The last line.</summary>
/// <param name="Counts">How many there are before it.</param>
/// <param name="Sha256">Of every byte before it.</param>
internal sealed record TrailerLine(TransferCounts Counts, string Sha256) : ExportLine;
