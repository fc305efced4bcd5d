namespace Decision.Engine.Apis;

/// <summary>Where a request carries its key; empty = not there.</summary>
public sealed record ApiCredentialSource(string Header, string QueryParameter, string Cookie);
