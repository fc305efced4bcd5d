namespace Decision.Server.Configuration;

/// <summary>Where the server listens; null = not there.</summary>
internal sealed record ListenSettings(
    ListenAddress? Grpc, ListenAddress? Http, ListenAddress? AdminGrpc, ListenAddress? AdminHttp, string? UnixSocket)
{
    /// <summary>Whether <c>Kestrel:Endpoints</c> has an admin address of its own.</summary>
    public bool HasAdminEndpoint { get; init; }

    /// <summary>True = admin calls are answered on the admin addresses alone.</summary>
    public bool IsAdminApart => AdminGrpc is not null || AdminHttp is not null || HasAdminEndpoint;
}
