namespace Decision.Server.Tests.Packaging;

/// <summary>eng/release-notes.sh, which prints a section of the changelog.</summary>
public sealed class ReleaseNotesTests : IDisposable
{
    private const string Changelog = """
        # Changelog

        ## [Unreleased]

        ## [0.2.0] - 2027-01-15

        ### Added

        - A second thing, over
          two lines.

        ### Fixed

        - A [link](docs/x.md) to a page.

        ## 0.1.0

        - The first thing.

        [0.2.0]: https://example.com/0.2.0
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public ReleaseNotesTests() => _file = _folder.Write("CHANGELOG.md", Changelog + "\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.2.0")]
    [InlineData("v0.2.0")]
    public async Task Version_prints_its_section_alone(string version)
    {
        var run = await RunAsync(version);

        Assert.Equal(
            new ProgramRun(0, "### Added\n\n- A second thing, over\n  two lines.\n\n### Fixed\n\n- A [link](docs/x.md) to a page.\n", ""), run);
    }

    [Fact]
    public async Task Last_version_ends_before_the_links() => Assert.Equal(new ProgramRun(0, "- The first thing.\n", ""), await RunAsync("0.1.0"));

    [Fact]
    public async Task Unknown_version_is_an_error_that_says_which_there_are()
    {
        var run = await RunAsync("0.2");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains("has no section for 0.2; there is: Unreleased, 0.2.0, 0.1.0", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_section_is_an_error()
    {
        var run = await RunAsync("unreleased");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains("is empty", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("0.1.0", "0.2.0")]
    public async Task Wrong_use_says_how(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("write eng/release-notes.sh VERSION", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changelog_of_the_product_has_what_is_to_be_released()
    {
        bool isReleased = (await File.ReadAllTextAsync(Repository.PathOf("CHANGELOG.md"))).Contains($"## [{ProductVersion.Written}]", StringComparison.Ordinal);

        var run = await ProgramRun.OfAsync(Repository.PathOf("eng", "release-notes.sh"), [isReleased ? ProductVersion.Written : "Unreleased"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("### ", run.Out, StringComparison.Ordinal);
    }

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.OfAsync(Repository.PathOf("eng", "release-notes.sh"), arguments, ("CHANGELOG", _file));
}
