using Decision.Contracts.V1;

namespace Decision.Server.Proxies.Headers;

/// <summary>Names of limits in headers: unlike scopes they tell a client nothing about policies.</summary>
internal static class LimitName
{
    public static string Of(LimitStatus limit) => limit.Scope switch
    {
        "organization" => limit.Name == "rate" ? "organization-rate" : "organization-quota",
        var scope when scope.StartsWith("api_wide:", StringComparison.Ordinal) => "api-rate",
        _ => limit.Name,
    };
}
