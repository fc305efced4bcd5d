namespace Decision.Server.Health;

/// <param name="Name">The part.</param>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Problem">What fails; null = nothing.</param>
internal sealed record PartReport(string Name, string Status, string? Problem)
{
    public static PartReport Of(string name, string? problem) => new(name, problem is null ? "ok" : "failing", problem);
}
