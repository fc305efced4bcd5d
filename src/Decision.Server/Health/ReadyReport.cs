namespace Decision.Server.Health;

/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>degraded</c> or <c>draining</c>.</param>
/// <param name="Degraded">Whether a part fails.</param>
/// <param name="Parts">Every part.</param>
/// <param name="Version">The server's version.</param>
internal sealed record ReadyReport(string Status, bool Degraded, IReadOnlyList<PartReport> Parts, string Version);
