namespace Decision.Client;

/// <summary>One field of a request that is wrong.</summary>
/// <param name="Field">The field as in the protocol, such as <c>api_id</c>, or <c>requests[3].cost</c> in a batch.</param>
/// <param name="Description">What is wrong and what to send.</param>
public sealed record FieldViolation(string Field, string Description)
{
    /// <summary>Both, for messages.</summary>
    public override string ToString() => $"{Field}: {Description}";
}
