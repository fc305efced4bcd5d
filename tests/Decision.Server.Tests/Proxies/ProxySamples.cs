namespace Decision.Server.Tests.Proxies;

/// <summary>Policies and APIs of the tests for proxies.</summary>
internal static class ProxySamples
{
    /// <summary>Found by host and path; browsers may ask first.</summary>
    public const string Orders = """
        {"api_id":"orders","name":"Orders","organization_id":"acme","listen_path":"/orders/","hosts":["shop.example.com"],
         "public":[{"url":"/","methods":["OPTIONS"]},{"url":"/status","methods":["GET"]}]}
        """;

    /// <summary>Keeps its keys in places of its own.</summary>
    public const string Billing = """
        {"api_id":"billing","organization_id":"acme","listen_path":"/billing/","auth":{"header":"X-Billing-Key","query_parameter":"key","cookie":"billing_key"}}
        """;

    /// <summary>5 per 10 s, 6 an hour on both APIs; one path of orders is not granted.</summary>
    public const string Shop = """
        {"org_id":"acme","rate":5,"per":10,"quota_max":6,"quota_renewal_rate":3600,"tags":["b,c","gold"],
         "access_rights":{
           "orders":{"api_id":"orders","versions":[],"allowed_urls":[{"url":"/open","methods":["GET","POST"]},{"url":"/","methods":["GET"]}]},
           "billing":{"api_id":"billing","versions":[]}}}
        """;

    public static Dictionary<string, string> Policies { get; } = new() { ["shop"] = Shop, ["small"] = Samples.Small, ["unlimited"] = Samples.Unlimited };

    public static Dictionary<string, string> Apis { get; } = new() { ["orders"] = Orders, ["billing"] = Billing };
}
