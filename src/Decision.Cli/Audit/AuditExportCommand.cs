using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Export;
using Decision.Cli.Results;
using Spectre.Console;

namespace Decision.Cli.Audit;

internal static class AuditExportCommand
{
    public static Command Create(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "The new file; - = standard output.", DefaultValueFactory = _ => ResultFile.StandardOutput, Arity = ArgumentArity.ZeroOrOne };
        var filter = new AuditFilterOptions();
        return new CliCommand(shell, "export", "Writes the audit log as JSON lines, an entry each, the newest first.")
        {
            Symbols = [file, .. filter.Symbols],
            Examples = ["decisionctl audit export audit.jsonl", "decisionctl audit export --since 30d | jq -r .action"],
            Runs = async (parsed, session) =>
            {
                string path = parsed.GetValue(file)!;
                var request = filter.Request(parsed, shell.Time);
                long count = 0;
                await using var result = ResultFile.Create(path, shell);
                await foreach (var entry in AuditReader.ListAsync(session, request, long.MaxValue).WithCancellation(session.Cancellation))
                {
                    await result.Writer.WriteLineAsync(JsonText.WriteLine(ProtoJson.Of(entry)));
                    count++;
                }

                await result.CompleteAsync();
                string summary = count == 1 ? "1 entry" : $"{count} entries";
                if (path == ResultFile.StandardOutput)
                {
                    session.Output.Note($"Exported {summary}.");
                }
                else
                {
                    session.Output.Show(
                        () => new JsonObject { ["file"] = path, ["entries"] = count },
                        () => [path],
                        console => console.WriteLine($"Exported to {path}: {summary}."));
                }

                return ExitCode.Done;
            },
        };
    }
}
