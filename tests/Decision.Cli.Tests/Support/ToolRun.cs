using System.Text.Json.Nodes;

namespace Decision.Cli.Tests.Support;

/// <summary>What a run of the tool has answered.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">The error stream.</param>
internal sealed record ToolRun(ExitCode Code, string Out, string Error)
{
    /// <summary>The output of <c>--output json</c>.</summary>
    public JsonNode Json => JsonNode.Parse(Out)!;

    /// <summary>The output's lines without what a terminal cannot show anyway: trailing blanks.</summary>
    public IReadOnlyList<string> Lines => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];

    /// <summary>Fails where it did not end as it should; gives itself.</summary>
    public ToolRun Expect(ExitCode code)
    {
        Assert.True(Code == code, $"Ended with {Code} instead of {code}.\n{Out}\n{Error}");
        return this;
    }
}
