namespace Decision.Server.Hosting;

/// <summary>What is served on an address; every connection carries the role of the address it came in by.</summary>
internal enum ListenRole
{
    /// <summary>Everything, but admin calls where these have addresses of their own.</summary>
    Open,

    /// <summary>Admin calls too.</summary>
    Admin,
}
