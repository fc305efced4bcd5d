namespace Decision.Engine.Paths;

/// <summary>One endpoint: a method on a path pattern, and what holds for it.</summary>
/// <param name="Path">The path pattern (<see cref="PathPattern"/>).</param>
/// <param name="Method">The HTTP method, in any case.</param>
/// <param name="Value">What holds for the endpoint.</param>
public readonly record struct EndpointEntry<T>(string Path, string Method, T Value);
