namespace Decision.Runtime.Transfer;

/// <summary>The first line.</summary>
/// <param name="Kinds">What the file holds.</param>
/// <param name="SecretsKey">The fingerprint of the store's <c>Secrets:Key</c>; null = it had none.</param>
internal sealed record HeaderLine(IReadOnlyList<TransferKind> Kinds, string? SecretsKey) : ExportLine;
