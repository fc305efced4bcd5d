namespace Decision.Runtime.Decisions;

/// <summary>The call itself is wrong: no verdict is given and nothing was spent.</summary>
/// <param name="field">The field of the request.</param>
/// <param name="message">What is wrong and what to do; safe to show.</param>
public sealed class CallException(string field, string message) : Exception(message)
{
    /// <summary>The field of the request.</summary>
    public string Field { get; } = field;

    internal static CallException OfIdempotencyKey() =>
        new("idempotency_key", "was used within the last 60 seconds for another request; take a new one for each request.");
}
