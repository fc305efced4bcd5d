namespace Decision.Runtime.Audit;

/// <summary>Which entries; empty and 0 = any. The parts are joined by "and".</summary>
/// <param name="SinceUs">Not older than this.</param>
/// <param name="UntilUs">Older than this.</param>
/// <param name="Actor">The credential's id or name.</param>
/// <param name="Action">The action, or all of a kind with <c>policy.*</c>.</param>
/// <param name="ObjectKind">The kind of thing.</param>
/// <param name="ObjectId">The thing.</param>
/// <param name="Organization">Whose it is; null = anybody's.</param>
/// <param name="Outcome">What became of it; null = anything.</param>
public sealed record AuditFilter(
    long SinceUs = 0,
    long UntilUs = 0,
    string Actor = "",
    string Action = "",
    string ObjectKind = "",
    string ObjectId = "",
    string? Organization = null,
    AuditOutcome? Outcome = null)
{
    private const string AllOf = ".*";

    /// <summary>Whether an entry is one of them.</summary>
    public bool Fits(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return (SinceUs == 0 || entry.AtUs >= SinceUs)
            && (UntilUs == 0 || entry.AtUs < UntilUs)
            && (Actor.Length == 0 || entry.ActorId == Actor || entry.ActorName == Actor)
            && FitsAction(entry.Action)
            && (ObjectKind.Length == 0 || entry.ObjectKind == ObjectKind)
            && (ObjectId.Length == 0 || entry.ObjectId == ObjectId)
            && (Organization is null || entry.Organization == Organization)
            && (Outcome is null || entry.Outcome == Outcome);
    }

    private bool FitsAction(string action) =>
        Action.Length == 0
        || action == Action
        || (Action.EndsWith(AllOf, StringComparison.Ordinal) && action.StartsWith(Action[..^1], StringComparison.Ordinal));
}
