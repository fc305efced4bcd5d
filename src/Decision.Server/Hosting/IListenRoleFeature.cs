namespace Decision.Server.Hosting;

/// <summary>The role of a connection: decided by the local address, never by what the client says.</summary>
internal interface IListenRoleFeature
{
    ListenRole Role { get; }
}
