using Decision.Server.Administrators;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi;

/// <summary>What one method does on one route, and Tyk's sentences for where it fails.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Demand">What it needs.</param>
/// <param name="RunAsync">Answers, or throws.</param>
internal sealed record TykOperation(string Method, AdminDemand Demand, Func<TykRequest, Task<TykAnswer>> RunAsync)
{
    /// <summary>What the path names is not there.</summary>
    public Refusal NotFound { get; init; } = new(StatusCodes.Status404NotFound, "Not found");

    /// <summary>The body cannot be read; what is wrong is added.</summary>
    public Refusal Malformed { get; init; } = new(StatusCodes.Status400BadRequest, "Request malformed: ");

    /// <summary>The body has values that no rule allows; the findings are added.</summary>
    public Refusal Invalid { get; init; } = new(StatusCodes.Status400BadRequest, "Request malformed: ");

    /// <summary>The key's policies cannot be applied; the reason is added.</summary>
    public Refusal PoliciesFailed { get; init; } =
        new(StatusCodes.Status500InternalServerError, "Failed to create key, ensure security settings are correct. ");
}
