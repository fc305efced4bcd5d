namespace Decision.Runtime.Transfer;

/// <summary>One line of an export.</summary>
internal abstract record ExportLine;
