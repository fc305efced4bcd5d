using System.Collections.Immutable;

namespace Decision.Engine.Policies;

/// <summary>A path pattern and the methods granted on it; no method = never matches.</summary>
public sealed record AllowedUrl(string Url, ImmutableArray<string> Methods);
