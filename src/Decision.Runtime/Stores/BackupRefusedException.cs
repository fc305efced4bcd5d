namespace Decision.Runtime.Stores;

/// <summary>A copy of a store cannot be taken as things are.</summary>
/// <param name="message">Why, and what to do; safe to show.</param>
public sealed class BackupRefusedException(string message) : Exception(message);
