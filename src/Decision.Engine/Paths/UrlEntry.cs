namespace Decision.Engine.Paths;

/// <summary>One entry of <c>allowed_urls</c>, or of the public paths of an API.</summary>
/// <param name="Url">The path pattern (<see cref="PathPattern"/>).</param>
/// <param name="Methods">The HTTP methods, in any case; an entry without methods never matches.</param>
public readonly record struct UrlEntry(string Url, IReadOnlyList<string> Methods);
