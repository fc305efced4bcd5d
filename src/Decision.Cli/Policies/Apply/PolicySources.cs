using System.CommandLine;
using System.Text;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Sources;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;

namespace Decision.Cli.Policies.Apply;

/// <summary>
/// The policies of files and folders: Tyk's policies.json (an object by id, or an array), one policy a file, what this tool writes with
/// <c>--output json</c>, and all of it in YAML.
/// </summary>
internal static class PolicySources
{
    public static Option<string[]> Option() => new("--file", "-f")
    {
        Description = "A file with policies in JSON or YAML, a folder of such files, or - for JSON on standard input. Can be repeated.",
        HelpName = "FILE|DIR",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The policies of all of them; warnings are told.</summary>
    /// <exception cref="RecordFileException">With every finding in all files.</exception>
    /// <exception cref="CommandException">A file cannot be read, or there is no policy.</exception>
    public static IReadOnlyList<Policy> Read(IEnumerable<string> paths, Session session)
    {
        var findings = new FindingList();
        var policies = new PolicySet<Policy>(written => PolicyOf(written, findings), static policy => policy.Id, findings);
        string[] files = [.. paths.SelectMany(PolicyFolder.FilesOf)];
        foreach (string file in files)
        {
            string? idOfOnly = file == InputFile.StandardInput ? null : Path.GetFileNameWithoutExtension(file);
            string name = idOfOnly is null ? "standard input" : file;
            var problems = new SourceProblems(name);
            policies.Add(WrittenPolicies.Find(Encoding.UTF8.GetBytes(InputFile.ReadText(file, session.Shell)), name, idOfOnly, problems, findings), name);
            if (problems.All.Count > 0)
            {
                throw CommandException.WrongUse(string.Join('\n', problems.All));
            }
        }

        if (findings.HasErrors)
        {
            throw new RecordFileException(findings);
        }

        foreach (var finding in findings)
        {
            session.Output.Note($"warning: {finding}");
        }

        return policies.Policies.Count > 0 ? policies.Policies : throw CommandException.WrongUse($"There is no policy in {string.Join(", ", files)}.");
    }

    private static Policy? PolicyOf(WrittenPolicy written, FindingList findings) =>
        RecordForm.Of(written.Json, written.OuterId, written.Prefix, RecordKinds.Policy, findings) is { } record ? RecordKinds.Policy.Parse(record) : null;
}
