using Decision.Cli.Import.Planning;
using Decision.Cli.Import.Writing;

namespace Decision.Cli.Import.Reports;

/// <summary>What is told of an import.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Accepted">Codes that were accepted.</param>
/// <param name="IsDry">Whether nothing is to be written.</param>
/// <param name="Outcome">What was written; null = nothing was tried.</param>
internal sealed record ImportReport(ImportPlan Plan, IReadOnlySet<string> Accepted, bool IsDry, ImportOutcome? Outcome)
{
    /// <summary>Codes that widen and were not accepted.</summary>
    public IReadOnlyList<string> NotAccepted { get; } =
        [.. Plan.NotAccepted(Accepted).Select(static effect => effect.Code).Distinct(StringComparer.Ordinal).OrderBy(static code => Array.IndexOf(EffectCodes.All, code))];

    /// <summary>Effects that say the same of several, as one.</summary>
    public IReadOnlyList<EffectGroup> Groups { get; } =
    [
        .. Plan.Effects
            .GroupBy(static effect => (effect.Kind, effect.Code, effect.Text))
            .Select(static group => new EffectGroup(group.Key.Kind, group.Key.Code, group.Key.Text, [.. group.Select(static effect => effect.Subject).Distinct(StringComparer.Ordinal)]))
            .OrderBy(static group => group.Kind)
            .ThenBy(static group => Array.IndexOf(EffectCodes.All, group.Code)),
    ];

    /// <summary>Counts of an action among records.</summary>
    public static string Counts<T>(IEnumerable<Planned<T>> records)
    {
        var counts = records.GroupBy(static record => record.Action).ToDictionary(static group => group.Key, static group => group.Count());
        return string.Join(", ", Enum.GetValues<PlannedAction>()
            .Where(counts.ContainsKey)
            .Select(action => $"{counts[action]} {NameOf(action)}")
            .DefaultIfEmpty("none"));
    }

    /// <summary>What happens to a record, in a word.</summary>
    public static string NameOf(PlannedAction action) => action switch
    {
        PlannedAction.Create => "new",
        PlannedAction.Update => "changed",
        PlannedAction.Unchanged => "unchanged",
        _ => "refused",
    };

    /// <summary>Subjects in a line: the first ones, and how many more.</summary>
    public static string Named(IReadOnlyList<string> subjects)
    {
        const int Most = 4;
        return string.Join(", ", subjects.Take(Most)) + (subjects.Count > Most ? $" and {subjects.Count - Most} more" : "");
    }
}

/// <summary>One difference and everything that it applies to.</summary>
internal sealed record EffectGroup(EffectKind Kind, string Code, string Text, IReadOnlyList<string> Subjects);
