namespace Decision.Client.AspNetCore.Credentials;

/// <summary>Where a request carries its key.</summary>
internal enum KeyPlace
{
    /// <summary>It carries none.</summary>
    None = 0,
    Header,
    QueryParameter,
    Cookie,
}
