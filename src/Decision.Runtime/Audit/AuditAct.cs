namespace Decision.Runtime.Audit;

/// <summary>What is done, to what.</summary>
/// <param name="Action">The kind of thing and what happens to it, as <c>policy.update</c>.</param>
/// <param name="ObjectKind">The kind of thing: <c>key</c>, <c>policy</c>, <c>api</c>, <c>organization</c>, <c>credential</c>, <c>files</c>, <c>audit</c>.</param>
/// <param name="ObjectId">Its id; empty = none, or not known.</param>
/// <param name="Organization">The organisation that it belongs to; empty = none, or all.</param>
public sealed record AuditAct(string Action, string ObjectKind, string ObjectId, string Organization)
{
    /// <summary>What it was, as JSON; empty = nothing.</summary>
    public ReadOnlyMemory<byte> Before { get; init; }

    /// <summary>What it is now, as JSON; empty = nothing.</summary>
    public ReadOnlyMemory<byte> After { get; init; }
}
