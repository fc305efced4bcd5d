namespace Decision.Client;

/// <summary>The request is malformed, and asking again will not help. Nothing was spent.</summary>
public sealed class DecisionRequestException : DecisionException
{
    internal DecisionRequestException(IReadOnlyList<FieldViolation> violations, Exception? inner = null)
        : base(string.Join("; ", violations), inner) => Violations = violations;

    internal DecisionRequestException(string message, Exception inner)
        : base(message, inner) => Violations = [];

    /// <summary>Every field that is wrong. Empty = the service named none.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; }
}
