using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Spectre.Console;

namespace Decision.Cli.Export;

internal static class ExportCommand
{
    private const string Tyk = "tyk";

    public static Command Create(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "The new file; - = standard output.", DefaultValueFactory = _ => ResultFile.StandardOutput, Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<string>("--format") { Description = "jsonl: everything, a record a line. tyk: the policies as Tyk's policies.json.", HelpName = "jsonl|tyk", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", Tyk);
        var only = new Option<string[]>("--only") { Description = "Only this kind: api, policy, organization, key; may be repeated.", HelpName = "KIND" };
        only.AcceptOnlyFromAmong(RecordExport.Kinds);
        var organization = new Option<string?>("--org") { Description = "Only records of this organisation.", HelpName = "ORG" };
        return new CliCommand(shell, "export", "Writes what the service holds, over gRPC. Keys come without secrets and hashes: for a backup use the server's own export.")
        {
            Symbols = [file, format, only, organization],
            Examples = ["decisionctl export all.jsonl", "decisionctl export --only policy --org acme | jq .policy.id", "decisionctl export policies.json --format tyk"],
            Runs = async (parsed, session) =>
            {
                string path = parsed.GetValue(file)!;
                string[] kinds = parsed.GetValue(only) is { Length: > 0 } some ? some : RecordExport.Kinds;
                bool isTyk = parsed.GetValue(format) == Tyk;
                if (isTyk && parsed.GetValue(only) is { Length: > 0 } and not ["policy"])
                {
                    throw CommandException.WrongUse("--format tyk writes policies alone: leave --only out, or use --format jsonl.");
                }

                await using var result = ResultFile.Create(path, shell);
                var export = new RecordExport(session, result.Writer, parsed.GetValue(organization));
                var counts = await session.Output.WithProgressAsync(
                    "Exporting", progress => isTyk ? export.WriteTykAsync() : export.WriteLinesAsync(kinds, progress));
                await result.CompleteAsync();
                string summary = RecordExport.Sentence(counts);
                if (path == ResultFile.StandardOutput)
                {
                    session.Output.Note($"Exported {summary}.");
                }
                else
                {
                    session.Output.Show(
                        () => new JsonObject { ["file"] = path, ["counts"] = RecordExport.Json(counts) },
                        () => [path],
                        console => console.WriteLine($"Exported to {path}: {summary}."));
                }

                return ExitCode.Done;
            },
        };
    }
}
