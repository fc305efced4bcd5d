namespace Decision.Server.Webhooks;

/// <summary>Where events are sent, and with what they are signed.</summary>
/// <param name="Address">The receiver.</param>
/// <param name="Secret">The key of the signature.</param>
/// <param name="Timeout">How long one try may take.</param>
internal sealed record WebhookSettings(Uri Address, string Secret, TimeSpan Timeout);
