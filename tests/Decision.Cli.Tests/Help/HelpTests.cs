using System.CommandLine;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Decision.Cli.Commands;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Help;

/// <summary>Help and documentation name what exists.</summary>
public sealed partial class HelpTests
{
    public static TheoryData<string> Commands => [.. All(CommandTree.Create(SomeShell())).OfType<CliCommand>().Where(command => !command.Hidden).Select(CommandTree.PathOf)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_every_command_has_examples_that_are_well_formed(string path)
    {
        string[] words = path.Split(' ')[1..];
        var run = (await new Tool().RunAsync([.. words, "--help"])).Expect(ExitCode.Done);

        Assert.Contains("Examples:", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        var command = (CliCommand)All(CommandTree.Create(SomeShell())).Single(one => CommandTree.PathOf(one) == path);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples.SelectMany(ToolLines), AssertParses);
    }

    [Theory]
    [InlineData("", "decisionctl key create ", "decisionctl authorize ")]
    [InlineData("key", "decisionctl key rotate ", "decisionctl key bulk ")]
    [InlineData("key bulk", "decisionctl key bulk move ", "decisionctl key bulk delete ")]
    [InlineData("policy", "decisionctl policy apply ", "decisionctl policy test ")]
    public async Task Help_of_a_group_has_an_example_of_each_command(string path, params string[] some)
    {
        var run = (await new Tool().RunAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Expect(ExitCode.Done);

        string examples = run.Out[run.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.All(some, example => Assert.Contains("  " + example, examples, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Documentation_has_every_command(string path) => Assert.Matches($@"{Regex.Escape(path)}\b", Documentation());

    [Fact]
    public void Documentation_names_only_commands_that_parse() => Assert.All(Blocks(Documentation()).SelectMany(block => block.Split('\n')).SelectMany(ToolLines), AssertParses);

    [Fact]
    public void Readme_of_the_package_names_commands_that_parse_and_every_exit_code()
    {
        string text = File.ReadAllText(Repository.PathOf("src", "Decision.Cli", "README.md"));

        Assert.All(Blocks(text).SelectMany(block => block.Split('\n')).SelectMany(ToolLines), AssertParses);
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($"| {(int)code} |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Documentation_has_every_exit_code_and_variable()
    {
        string text = Documentation();

        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($"| {(int)code} |", text, StringComparison.Ordinal));
        Assert.All(
            new[] { "DECISION_ADDRESS", "DECISION_ADMIN_SECRET", "DECISION_TOKEN", "DECISION_API_KEY", "DECISION_CA_FILE", "DECISION_CERT_FILE", "DECISION_CERT_KEY_FILE", "DECISION_TIMEOUT", "DECISION_COMPLETION_TIMEOUT", "NO_COLOR" },
            name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_that_of_the_build()
    {
        string version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

        Assert.Equal(version + "\n", (await new Tool().RunAsync("--version")).Expect(ExitCode.Done).Out);
    }

    [Fact]
    public async Task Help_of_a_command_tells_of_global_options_in_one_line()
    {
        var run = await new Tool().RunAsync("policy", "list", "--help");

        Assert.DoesNotContain("--ca-file", run.Out, StringComparison.Ordinal);
        Assert.Contains("decisionctl --help", run.Out, StringComparison.Ordinal);
        Assert.Contains("--ca-file", (await new Tool().RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    private static Shell SomeShell() => new() { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null, Environment = _ => null };

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Append(command);

    // The parts of a shell line that call the tool, as its arguments.
    private static IEnumerable<string> ToolLines(string line) => Calls().Matches(line).Select(call => call.Groups[1].Value.Trim());

    private static void AssertParses(string arguments)
    {
        var parsed = CommandTree.Create(SomeShell()).Parse(arguments.Replace("$KEY", "dk_x", StringComparison.Ordinal).Replace('\'', '"'), CommandTree.Parsing);

        Assert.True(parsed.Errors.Count == 0, $"{arguments}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
    }

    private static string Documentation() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cli.md"));

    private static IEnumerable<string> Blocks(string text) => ShellBlocks().Matches(text).Select(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<![\w/.-])decisionctl ((?:'[^']*'|""[^""]*""|[^|&;()<>'""])*)", RegexOptions.CultureInvariant)]
    private static partial Regex Calls();

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex ShellBlocks();
}
