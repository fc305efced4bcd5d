namespace Decision.Runtime.Credentials;

/// <summary>What a presented token came to.</summary>
/// <param name="Credential">The credential that it is; null = none that is accepted.</param>
/// <param name="Problem">Why not, safe to show; null = it is.</param>
public readonly record struct CredentialFinding(AdminCredential? Credential, string? Problem);
