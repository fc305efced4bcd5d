namespace Decision.Console.Live;

/// <summary>A part of the server.</summary>
/// <param name="Name">Such as <c>redis</c>.</param>
/// <param name="Problem">What fails; null = nothing.</param>
public sealed record HealthPart(string Name, string? Problem);
