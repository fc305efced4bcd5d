namespace Decision.Cli.Sources;

/// <summary>A name in a map, and what stands there.</summary>
/// <param name="Name">The name.</param>
/// <param name="Line">The line of the name, from 1.</param>
/// <param name="Column">The column of the name, from 1.</param>
/// <param name="Value">What stands there.</param>
internal sealed record SourceEntry(string Name, int Line, int Column, SourceNode Value);
