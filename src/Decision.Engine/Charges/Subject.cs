namespace Decision.Engine.Charges;

/// <summary>Owner of counters. All counters of one subject lie together, so that they can be spent in one step.</summary>
/// <param name="Kind">Whose counters they are.</param>
/// <param name="Id">The key's, organisation's or API's id, or the organisation and the pattern's value.</param>
public sealed record Subject(SubjectKind Kind, string Id)
{
    /// <summary>The subject of a shared pattern; the organisation is part of it, so that none reaches another's counters.</summary>
    public static Subject ForPattern(string organizationId, string value) =>
        new(SubjectKind.Pattern, organizationId + "\n" + value);
}
