namespace Decision.Runtime.Transfer;

/// <summary>An export or import cannot go on. The message says why and what to do.</summary>
public sealed class TransferException(string message) : Exception(message);
