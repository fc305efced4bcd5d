using System.Text;
using Decision.Cli.Records;
using Decision.Cli.Sources;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Finding = Decision.Contracts.Admin.V1.Finding;

namespace Decision.Cli.Policies.Validate;

/// <summary>Finds policies in files and folders as <c>policy apply</c> does, and has them checked.</summary>
internal static class ValidatedFiles
{
    /// <summary>Each file with its findings, in order.</summary>
    /// <exception cref="Failures.CommandException">A file cannot be read, or a folder has none.</exception>
    public static async Task<IReadOnlyList<ValidatedFile>> CheckAsync(IEnumerable<string> paths, IPolicyCheck check, Session session)
    {
        var findings = new FindingList();
        var policies = new PolicySet<IdentifiedPolicy>(Identified, static policy => policy.Id, findings);
        var all = new List<ValidatedFile>();
        foreach (string file in paths.SelectMany(PolicyFolder.FilesOf))
        {
            bool isInput = file == InputFile.StandardInput;
            var (found, told) = (policies.Policies.Count, findings.Count);
            var problems = new SourceProblems(file);
            byte[] text = Encoding.UTF8.GetBytes(InputFile.ReadText(file, session.Shell));
            policies.Add(WrittenPolicies.Find(text, file, isInput ? null : Path.GetFileNameWithoutExtension(file), problems, findings), file);
            all.Add(new ValidatedFile(file,
            [
                .. problems.All.Select(static problem => new Finding { Subject = problem.Place, Field = problem.Field, Message = problem.Message, Severity = Severity.Error }),
                .. findings.Skip(told).Select(CheckHere.ToMessage),
                .. await check.FindAsync([.. policies.Policies.Skip(found)]),
            ]));
        }

        return all;
    }

    private static IdentifiedPolicy Identified(WrittenPolicy written) =>
        new(written.OuterId ?? WrittenPolicies.OwnIdOf(written.Json) ?? "", RecordForm.AsFile(written.Json, RecordKinds.Policy));
}
