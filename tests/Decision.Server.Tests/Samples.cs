using Decision.Contracts.V1;

namespace Decision.Server.Tests;

/// <summary>Policies, APIs and requests that tests share.</summary>
internal static class Samples
{
    /// <summary>2 per 10 s, 3 per hour on the API <c>orders</c>.</summary>
    public const string Small = """
        {"org_id":"acme","rate":2,"per":10,"quota_max":3,"quota_renewal_rate":3600,"access_rights":{"orders":{"api_id":"orders","versions":[]}},
         "tags":["small"],"meta_data":{"plan":"small","seats":3,"flags":[true,null],"inner":{"a":"b"}}}
        """;

    /// <summary>Neither rate nor quota.</summary>
    public const string Unlimited = """
        {"org_id":"acme","rate":-1,"per":1,"quota_max":-1,"access_rights":{"orders":{"api_id":"orders","versions":[]}}}
        """;

    public static Dictionary<string, string> Policies { get; } = new() { ["small"] = Small, ["unlimited"] = Unlimited };

    public static AuthorizeRequest Ask(string key, Action<AuthorizeRequest>? change = null)
    {
        var request = new AuthorizeRequest { ApiKey = key, ApiId = "orders", Method = "GET", Path = "/orders/1" };
        change?.Invoke(request);
        return request;
    }
}
