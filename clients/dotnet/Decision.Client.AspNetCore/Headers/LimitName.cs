namespace Decision.Client.AspNetCore.Headers;

/// <summary>Names of limits in headers, the same as in the service's own: unlike scopes they tell a client nothing about policies.</summary>
internal static class LimitName
{
    public static string Of(LimitStatus limit) =>
        limit.Scope == "organization" ? "organization-" + limit.Name
        : limit.Scope.StartsWith("api_wide:", StringComparison.Ordinal) ? "api-rate"
        : limit.Name;
}
