using Decision.Engine.Findings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Stores;

namespace Decision.Console.Components.Shared;

/// <summary>A failure as a page shows it.</summary>
/// <param name="Title">What kind.</param>
/// <param name="Details">What is wrong and what to do, as sentences.</param>
/// <param name="Error">What an administrative act failed of; null = something else failed.</param>
public sealed record PageProblem(string Title, IReadOnlyList<string> Details, AdministrationError? Error = null)
{
    /// <summary>What failed, of an exception; null = unforeseen, which belongs into the log.</summary>
    public static PageProblem? Of(Exception exception) => exception switch
    {
        AdministrationException { Error: AdministrationError.Invalid } invalid =>
            new PageProblem("This cannot be taken", [.. invalid.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(Sentence)]),
        AdministrationException refused => new PageProblem(TitleOf(refused.Error), [refused.Message], refused.Error),
        CallException call => new PageProblem("This cannot be taken", [$"{call.Field}: {call.Message}"]),
        StoreException store => new PageProblem("The store does not answer", [store.Message]),
        _ => null,
    };

    private static string Sentence(Finding finding) => finding.Field.Length == 0 ? $"{finding.Subject} {finding.Message}" : $"{finding.Field} {finding.Message}";

    private static string TitleOf(AdministrationError error) => error switch
    {
        AdministrationError.NotFound => "There is no such thing",
        AdministrationError.AlreadyExists => "There is one already",
        AdministrationError.Conflict => "It was changed meanwhile",
        AdministrationError.PermissionDenied => "You may not do this",
        _ => "This is not possible now",
    };
}
