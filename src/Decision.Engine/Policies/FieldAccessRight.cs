namespace Decision.Engine.Policies;

/// <summary>The deepest query below one GraphQL field.</summary>
public sealed record FieldAccessRight(string TypeName, string FieldName, int MaxQueryDepth);
