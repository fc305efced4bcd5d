using Decision.Engine.Findings;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Findings on the wire: the subject is an id or a file, without the noun that stands before it in a log.</summary>
internal static class FindingMapping
{
    private static readonly string[] Nouns = ["policy", "API", "organisation", "key", "request"];

    /// <summary>All of them, in their order.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="subjectId">The id of the resource that the call is about; empty = it has none yet.</param>
    public static IEnumerable<V1.Finding> ToMessages(IEnumerable<Finding> findings, string subjectId = "") =>
        findings.Select(finding => ToMessage(finding, subjectId));

    /// <summary>One of them.</summary>
    public static V1.Finding ToMessage(Finding finding, string subjectId = "")
    {
        var (file, named) = Parts(finding.Subject);
        string id = IdOf(named);
        return new V1.Finding
        {
            Subject = id.Length > 0 ? id : file.Length > 0 ? file : subjectId,
            Field = finding.Field,
            Message = id.Length > 0 && file.Length > 0 ? $"{finding.Message} (In {file}.)" : finding.Message,
            Severity = finding.Severity == FindingSeverity.Error ? V1.Severity.Error : V1.Severity.Warning,
        };
    }

    // "policies.json: policy gold": what is before the last ": " is a file, where a noun follows.
    private static (string File, string Named) Parts(string subject)
    {
        int colon = subject.LastIndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 && Nouns.Any(noun => subject.AsSpan(colon + 2).StartsWith(noun, StringComparison.Ordinal))
            ? (subject[..colon], subject[(colon + 2)..])
            : ("", subject);
    }

    private static string IdOf(string named)
    {
        foreach (string noun in Nouns)
        {
            if (named == noun)
            {
                return "";
            }

            if (named.StartsWith(noun + " ", StringComparison.Ordinal))
            {
                return named[(noun.Length + 1)..];
            }
        }

        return named;
    }
}
