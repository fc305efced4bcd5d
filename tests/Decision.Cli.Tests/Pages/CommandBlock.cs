namespace Decision.Cli.Tests.Pages;

/// <summary>A block of commands of a page.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Commands">What it says to run.</param>
/// <param name="NotRun">Why it is not run, as the comment before it says; null = it is.</param>
/// <param name="Output">What the page shows as its output: the block without a language that follows; empty = nothing.</param>
internal sealed record CommandBlock(int Line, string Commands, string? NotRun, IReadOnlyList<string> Output);
