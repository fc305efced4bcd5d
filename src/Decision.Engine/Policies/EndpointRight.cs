using System.Collections.Immutable;

namespace Decision.Engine.Policies;

/// <summary>Rates of the methods of one path pattern.</summary>
public sealed record EndpointRight(string Path, ImmutableArray<EndpointMethod> Methods);
