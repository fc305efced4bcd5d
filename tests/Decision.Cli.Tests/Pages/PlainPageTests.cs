namespace Decision.Cli.Tests.Pages;

/// <summary>Every block of commands of pages that need the demo alone, as a reader runs them. Beside <see cref="PageCommandTests"/>, since both take long.</summary>
public sealed class PlainPageTests
{
    internal static readonly string[] Pages =
    [
        "README.md", "docs/getting-started.md",
        "docs/guides/without-decisionctl.md", "docs/guides/rotate-keys.md", "docs/guides/trial-keys.md", "docs/guides/monthly-quotas.md",
        "docs/guides/policies-as-code.md",
        "docs/concepts/policy.md", "docs/concepts/key.md", "docs/concepts/partition.md", "docs/concepts/scope.md", "docs/concepts/limit.md", "docs/concepts/verdict.md",
    ];

    public static TheoryData<string> PlainPages => [.. Pages];

    [Theory]
    [MemberData(nameof(PlainPages))]
    public async Task Commands_of_a_page_do_what_it_shows(string page)
    {
        await using var shell = await PageShell.StartAsync();

        await shell.RunAsync(page);
    }
}
