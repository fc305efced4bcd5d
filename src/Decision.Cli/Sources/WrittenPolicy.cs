using System.Text.Json;

namespace Decision.Cli.Sources;

/// <summary>A policy as it stands in a file, not read yet.</summary>
/// <param name="Json">The policy.</param>
/// <param name="OuterId">Its id as written around it, or the file's name where that is its id; null = it has its own.</param>
/// <param name="Prefix">Stands before the policy's name in findings.</param>
internal readonly record struct WrittenPolicy(JsonElement Json, string? OuterId, string Prefix);
