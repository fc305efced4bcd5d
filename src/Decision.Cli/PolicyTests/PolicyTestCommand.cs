using System.CommandLine;
using System.Reflection;
using Decision.Cli.Commands;
using Decision.Cli.Failures;

namespace Decision.Cli.PolicyTests;

internal static class PolicyTestCommand
{
    private const string SchemaName = "policy-test.schema.json";

    public static Command Create(Shell shell)
    {
        var paths = new Argument<string[]>("DIR|FILE")
        {
            Description = "Files with tests, or folders with files that end with .test.yaml, .test.yml or .test.json.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var junit = new Option<string?>("--junit") { Description = "Also writes JUnit XML, which CI systems show.", HelpName = "FILE" };
        var filter = new Option<string?>("--filter") { Description = "Only cases with this text in their name or their file's, in any case.", HelpName = "TEXT" };
        var schema = new Option<bool>("--schema") { Description = "Prints the JSON schema of files with tests, for editors, and runs nothing." };
        return new CliCommand(shell, "test", "Runs policies against cases: what a key may do, at which moment, and what it must be told. Needs no service.")
        {
            Symbols = [paths, junit, filter, schema],
            Examples =
            [
                "decisionctl policy test policies/",
                "decisionctl policy test tour.test.yaml --filter \"fourth request\"",
                "decisionctl policy test policies/ --junit results.xml",
                "decisionctl policy test --schema > policy-test.schema.json",
            ],
            Runs = (parsed, session) =>
            {
                if (parsed.GetValue(schema))
                {
                    session.Shell.Out.Write(Schema());
                    return Task.FromResult(ExitCode.Done);
                }

                string[] named = parsed.GetValue(paths) ?? [];
                return named.Length == 0
                    ? throw CommandException.WrongUse("Name a folder or files with tests. See decisionctl policy test --help")
                    : Task.FromResult(Run(named, parsed.GetValue(filter) ?? "", parsed.GetValue(junit), session));
            },
        };
    }

    /// <summary>The schema of files with tests.</summary>
    public static string Schema()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(SchemaName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static ExitCode Run(string[] paths, string filter, string? junit, Session session)
    {
        var run = PolicyTestRun.Run(paths, filter, session.Shell.Time);
        if (junit is not null)
        {
            WriteJUnit(run, junit);
        }

        if (session.Output.IsJson)
        {
            session.Output.Show(() => JsonReport.Of(run), () => [], static _ => { });
        }
        else
        {
            TextReport.Write(run, session.Shell.Out, session.Shell.Error, session.Output.IsQuiet);
        }

        return (ExitCode)run.ExitCode;
    }

    private static void WriteJUnit(PolicyTestRun run, string file)
    {
        try
        {
            using var stream = File.Create(file);
            JUnitReport.Write(run, stream);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"The report {file} cannot be written: {unwritable.Message}");
        }
    }
}
