using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>One counter.</summary>
internal sealed record UsageLine(StoredCounter Counter) : ExportLine;
