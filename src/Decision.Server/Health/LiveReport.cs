namespace Decision.Server.Health;

internal sealed record LiveReport(string Status);
