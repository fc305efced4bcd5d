using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>One key.</summary>
internal sealed record KeyLine(KeyRecord Record) : ExportLine;
