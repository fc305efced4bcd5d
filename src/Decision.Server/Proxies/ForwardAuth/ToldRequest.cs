namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>A client's request in a proxy's headers.</summary>
internal readonly record struct ToldRequest(string Method, string Target, string Host);
