using System.Net;
using System.Net.Sockets;
using System.Text;
using Decision.Server.Configuration;
using Decision.Server.Proxies.ForwardAuth;
using Decision.Server.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Decision.Server.Hosting;

/// <summary>Opens the server's addresses, and knows them once they are open.</summary>
internal sealed class ServerListeners(
    ServerSettings settings, ILogger<ServerListeners> log, ServerCertificates? certificates = null, WarmUpTransport? warmUp = null)
{
    private const UnixFileMode SocketMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly List<(string Setting, ListenOptions Options)> _open = [];

    /// <summary>The address of gRPC, with its port; null = not served there.</summary>
    public IPEndPoint? Grpc => Find("Server:Grpc");

    public IPEndPoint? Http => Find("Server:Http");

    public IPEndPoint? AdminGrpc => Find("Server:AdminGrpc");

    public IPEndPoint? AdminHttp => Find("Server:AdminHttp");

    /// <summary>All addresses, for people.</summary>
    public override string ToString() =>
        string.Join(", ", _open.Select(open => $"{NameOf(open.Setting)} {open.Options}"));

    /// <summary>Tells Kestrel where to listen.</summary>
    public void Configure(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        kestrel.AddServerHeader = false;

        // A request target that is no UTF-8 is refused with a sentence by its reader, not without one by Kestrel.
        kestrel.RequestHeaderEncodingSelector = name => HeaderFamily.IsTarget(name) ? Encoding.Latin1 : null;

        // gRPC itself refuses a message that is too large, by its status; this is only the wall behind it.
        kestrel.Limits.MaxRequestBodySize = Math.Max(2L * settings.MaxRequestBytes, 32 * 1024 * 1024);
        kestrel.Limits.MaxRequestHeadersTotalSize = settings.MaxHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = settings.HeaderTimeout;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = settings.MaxHeaderBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = settings.MaxStreamsPerConnection;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
        kestrel.Limits.Http2.InitialStreamWindowSize = 512 * 1024;

        // A sidecar keeps one connection for days; a ping tells whether the other side is still there.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        var endpoints = kestrel.Configure(configuration.GetSection("Kestrel"), reloadOnChange: true);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            var role = endpoint.Key.StartsWith("Admin", StringComparison.OrdinalIgnoreCase) ? ListenRole.Admin : ListenRole.Open;
            endpoints.Endpoint(endpoint.Key, options =>
            {
                SetRole(options.ListenOptions, role);
                Limit(options.ListenOptions, "Kestrel:Endpoints:" + endpoint.Key);
                if (settings.Tls.HasClientCa)
                {
                    options.HttpsOptions.ClientCertificateValidation = (shown, chain, _) => certificates!.IsTrusted(shown, chain);
                }
            });
        }

        if (warmUp is not null)
        {
            // First: Kestrel opens them in this order, one after the other.
            ListenInside(kestrel, WarmUpEndPoint.Begin);
            ListenInside(kestrel, WarmUpEndPoint.End);
        }

        Listen(kestrel, "Server:Grpc", settings.Listen.Grpc, HttpProtocols.Http2, ListenRole.Open);
        Listen(kestrel, "Server:Http", settings.Listen.Http, HttpProtocols.Http1, ListenRole.Open);
        Listen(kestrel, "Server:AdminGrpc", settings.Listen.AdminGrpc, HttpProtocols.Http2, ListenRole.Admin);
        Listen(kestrel, "Server:AdminHttp", settings.Listen.AdminHttp, HttpProtocols.Http1, ListenRole.Admin);
        if (settings.Listen.UnixSocket is { } socket)
        {
            RemoveDeadSocket(socket);
            kestrel.ListenUnixSocket(socket, options => Open("Server:UnixSocket", options, HttpProtocols.Http2, ListenRole.Open));
        }
    }

    /// <summary>After the start: the socket is for the server's user and group, and open addresses without TLS are warned of.</summary>
    public void Opened()
    {
        if (settings.Listen.UnixSocket is { } socket && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, SocketMode);
        }

        foreach (var (setting, options) in _open)
        {
            if (!HasTls(setting) && options.EndPoint is IPEndPoint address && !IPAddress.IsLoopback(address.Address))
            {
                ServerLog.CleartextAddress(log, setting, address.ToString());
            }
        }
    }

    private IPEndPoint? Find(string setting) => _open.Find(open => open.Setting == setting).Options?.IPEndPoint;

    private void Listen(KestrelServerOptions kestrel, string setting, ListenAddress? address, HttpProtocols protocols, ListenRole role)
    {
        if (address is { Address: { } ip })
        {
            kestrel.Listen(ip, address.Port, options => Open(setting, options, protocols, role));
        }
        else if (address is not null)
        {
            kestrel.ListenLocalhost(address.Port, options => Open(setting, options, protocols, role));
        }
    }

    private static void ListenInside(KestrelServerOptions kestrel, EndPoint endpoint) => kestrel.Listen(endpoint, options =>
    {
        options.Protocols = HttpProtocols.Http2;
        SetRole(options, ListenRole.Open);
    });

    private void Open(string setting, ListenOptions options, HttpProtocols protocols, ListenRole role)
    {
        options.Protocols = protocols;
        SetRole(options, role);
        Limit(options, setting);
        if (HasTls(setting))
        {
            bool requiresClient = settings.Tls.ClientAddresses.Contains(NameOf(setting));
            options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificates!.OptionsOf(requiresClient)) });
        }

        _open.Add((setting, options));
    }

    private static string NameOf(string setting) => setting["Server:".Length..];

    private bool HasTls(string setting) => settings.Tls.Addresses.Contains(NameOf(setting));

    // Before the handshake, which is what a flood of connections would cost most by.
    private void Limit(ListenOptions options, string setting)
    {
        if (settings.MaxConnections > 0)
        {
            var limit = new ConnectionLimit(setting, settings.MaxConnections, log);
            options.Use(limit.Around);
        }
    }

    private static void SetRole(ListenOptions options, ListenRole role)
    {
        var feature = new RoleFeature(role);
        options.Use(next => connection =>
        {
            connection.Features.Set<IListenRoleFeature>(feature);
            return next(connection);
        });
    }

    // A server that was killed leaves its socket's file behind. One that still answers is not ours to remove.
    private static void RemoveDeadSocket(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw new SettingsException($"Server:UnixSocket is '{path}', where a file is that is no socket of this server: remove it, or write another path.");
        }

        throw new SettingsException($"Server:UnixSocket is '{path}', where another server listens: stop it, or write another path.");
    }

    private sealed record RoleFeature(ListenRole Role) : IListenRoleFeature;
}
