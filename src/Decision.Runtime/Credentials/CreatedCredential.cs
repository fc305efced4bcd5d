namespace Decision.Runtime.Credentials;

/// <summary>A new credential.</summary>
/// <param name="Credential">As it is stored.</param>
/// <param name="Token">What to present; it is nowhere else.</param>
public sealed record CreatedCredential(AdminCredential Credential, string Token);
