using System.Text.Json;

namespace Decision.Cli.Policies.Validate;

/// <summary>A policy as a file says it, not checked yet.</summary>
/// <param name="Id">Its id; empty = the file gives it none.</param>
/// <param name="Json">What it says.</param>
internal sealed record IdentifiedPolicy(string Id, JsonElement Json);
