namespace Decision.Cli.Tests.Pages;

public sealed class MarkdownPageTests
{
    [Fact]
    public void Commands_block_has_its_output_and_its_reason()
    {
        var blocks = Page("```sh", "a", "```", "", "```", "out", "```", "<!-- not run: takes minutes -->", "```sh", "b", "```", "```json", "{}", "```").Commands();

        Assert.Equal([(1, "a", null), (9, "b", "takes minutes")], blocks.Select(block => (block.Line, block.Commands, block.NotRun)));
        Assert.Equal(["out"], blocks[0].Output);
        Assert.Empty(blocks[1].Output);
    }

    [Fact]
    public void Commands_indented_block_loses_its_indent() => Assert.Equal("a\n  b", Page("   ```sh", "   a", "     b", "   ```").Commands().Single().Commands);

    [Fact]
    public void Links_in_code_are_none() =>
        Assert.Equal([(1, "a.md#x")], Page("[`one`](a.md#x) and `[two](b.md)`", "```sh", "[three](c.md)", "```").Links());

    [Fact]
    public void Anchors_are_made_as_the_site_makes_them() =>
        Assert.Equal(["what-runs---and-what-not", "policy-apply-diff", "a-link", "a-link-1"], Page("# What runs - and what not?", "## `policy apply`, diff", "# A [link](x.md)", "## A link").Anchors());

    private static MarkdownPage Page(params string[] lines) => new("page.md", lines);
}
