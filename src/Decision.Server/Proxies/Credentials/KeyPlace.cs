namespace Decision.Server.Proxies.Credentials;

/// <summary>Where a request carries its key.</summary>
internal enum KeyPlace : byte
{
    /// <summary>It carries none.</summary>
    None = 0,
    Header,
    QueryParameter,
    Cookie,
}
