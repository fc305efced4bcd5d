namespace Decision.Server.Administrators;

/// <summary>The admin secret in force.</summary>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="Number">1 for the one of the start, 2 for the one after it, and so on.</param>
internal sealed record AdminSecret(byte[] Hash, int Number);
