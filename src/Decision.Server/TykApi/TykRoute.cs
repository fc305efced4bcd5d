using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi;

/// <summary>A path, and what each method does there.</summary>
/// <param name="Pattern">The route's pattern.</param>
/// <param name="Dialect">Whose way of speaking.</param>
/// <param name="Operations">One for each method.</param>
internal sealed record TykRoute(string Pattern, Dialect Dialect, params TykOperation[] Operations)
{
    public TykOperation? Find(string method) => Array.Find(Operations, operation => operation.Method == method);

    /// <summary>The methods, for the header <c>Allow</c>.</summary>
    public string Allow => string.Join(", ", Operations.Select(operation => operation.Method));
}
