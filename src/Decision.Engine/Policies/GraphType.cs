using System.Collections.Immutable;

namespace Decision.Engine.Policies;

/// <summary>A GraphQL type and its fields; <c>*</c> = all.</summary>
public sealed record GraphType(string Name, ImmutableArray<string> Fields);
