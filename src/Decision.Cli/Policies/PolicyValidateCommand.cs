using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Spectre.Console;
using Finding = Decision.Contracts.Admin.V1.Finding;

namespace Decision.Cli.Policies;

internal static class PolicyValidateCommand
{
    public static Command Create(Shell shell)
    {
        var paths = new Argument<string[]>("FILE|DIR") { Description = "Policy files, or folders whose *.json are checked; - = standard input.", Arity = ArgumentArity.OneOrMore };
        var offline = new Option<bool>("--offline") { Description = "Check here, without a service." };
        return new CliCommand(shell, "validate", "Checks policy files and tells every finding. Nothing is stored.")
        {
            Symbols = [paths, offline],
            Examples = ["decisionctl policy validate policies.json", "decisionctl policy validate policies/ --offline"],
            Runs = async (parsed, session) =>
            {
                var all = new List<(string File, IReadOnlyList<Finding> Findings)>();
                foreach (string file in parsed.GetRequiredValue(paths).SelectMany(FilesOf))
                {
                    string text = InputFile.ReadText(file, shell);
                    all.Add((file, parsed.GetValue(offline) ? CheckHere(file, text) : await CheckThereAsync(session, text)));
                }

                session.Output.Show(
                    () => new JsonObject { ["valid"] = IsValid(all), ["files"] = new JsonArray([.. all.Select(one => Json(one.File, one.Findings))]) },
                    () => [],
                    console => Show(console, all));
                return IsValid(all) ? ExitCode.Done : ExitCode.Refused;
            },
        };
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (path == InputFile.StandardInput || !Directory.Exists(path))
        {
            return [path];
        }

        string[] files = Directory.GetFiles(path, "*.json");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw CommandException.WrongUse($"The folder {path} has no *.json files.");
    }

    private static async Task<IReadOnlyList<Finding>> CheckThereAsync(Session session, string text) =>
        (await session.Policies.ValidatePolicyAsync(new ValidatePolicyRequest { Document = text })).Findings;

    private static List<Finding> CheckHere(string file, string text)
    {
        var findings = new FindingList();
        PolicyDocument.ReadDirectoryFile(Encoding.UTF8.GetBytes(text), Path.GetFileName(file), findings);
        return
        [
            .. findings.Select(finding => new Finding
            {
                Subject = finding.Subject,
                Field = finding.Field,
                Message = finding.Message,
                Severity = finding.Severity == FindingSeverity.Error ? Severity.Error : Severity.Warning,
            }),
        ];
    }

    private static bool IsValid(IEnumerable<(string File, IReadOnlyList<Finding> Findings)> all) =>
        all.All(one => one.Findings.All(finding => finding.Severity != Severity.Error));

    private static JsonObject Json(string file, IReadOnlyList<Finding> findings) => new()
    {
        ["file"] = file,
        ["valid"] = IsValid([(file, findings)]),
        ["findings"] = ProtoJson.Of(findings),
    };

    private static void Show(IAnsiConsole console, IReadOnlyList<(string File, IReadOnlyList<Finding> Findings)> all)
    {
        foreach (var (file, findings) in all)
        {
            int errors = findings.Count(finding => finding.Severity == Severity.Error);
            string verdict = errors > 0 ? Counted(errors, "error") : "valid";
            string warnings = findings.Count > errors ? ", " + Counted(findings.Count - errors, "warning") : "";
            console.WriteLine($"{file}: {verdict}{warnings}");
            foreach (var finding in findings)
            {
                console.Write(new Padder(new Text(Findings.Sentence(finding)), new Padding(2, 0, 0, 0)));
            }
        }
    }

    private static string Counted(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
