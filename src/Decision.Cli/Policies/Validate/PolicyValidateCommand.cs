using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies.Validate;

internal static class PolicyValidateCommand
{
    public static Command Create(Shell shell)
    {
        var paths = new Argument<string[]>("FILE|DIR") { Description = "Policy files in JSON or YAML, or folders of them; - = JSON on standard input.", Arity = ArgumentArity.OneOrMore };
        var offline = new Option<bool>("--offline") { Description = "Check here, without a service." };
        return new CliCommand(shell, "validate", "Checks policy files and tells every finding. Nothing is stored.")
        {
            Symbols = [paths, offline],
            Examples = ["decisionctl policy validate policies.json", "decisionctl policy validate policies/ --offline"],
            Runs = async (parsed, session) =>
            {
                IPolicyCheck check = parsed.GetValue(offline) ? new CheckHere() : new CheckAtService(session);
                var all = await ValidatedFiles.CheckAsync(parsed.GetRequiredValue(paths), check, session);
                session.Output.Show(
                    () => new JsonObject { ["valid"] = IsValid(all), ["files"] = new JsonArray([.. all.Select(one => Json(one.File, one.Findings))]) },
                    () => [],
                    console => Show(console, all));
                return IsValid(all) ? ExitCode.Done : ExitCode.Refused;
            },
        };
    }

    private static bool IsValid(IEnumerable<ValidatedFile> all) =>
        all.All(one => one.Findings.All(finding => finding.Severity != Severity.Error));

    private static JsonObject Json(string file, IReadOnlyList<Finding> findings) => new()
    {
        ["file"] = file,
        ["valid"] = IsValid([new ValidatedFile(file, findings)]),
        ["findings"] = ProtoJson.Of(findings),
    };

    private static void Show(IAnsiConsole console, IReadOnlyList<ValidatedFile> all)
    {
        foreach (var (file, findings) in all)
        {
            int errors = findings.Count(finding => finding.Severity == Severity.Error);
            string verdict = errors > 0 ? Numbers.Counted(errors, "error", "errors") : "valid";
            string warnings = findings.Count > errors ? ", " + Numbers.Counted(findings.Count - errors, "warning", "warnings") : "";
            console.WriteLine($"{file}: {verdict}{warnings}");
            foreach (var finding in findings)
            {
                console.Write(new Padder(new Text(Findings.Sentence(finding)), new Padding(2, 0, 0, 0)));
            }
        }
    }
}
