using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Decision.Client.Options;

namespace Decision.Client.Calls;

/// <summary>Makes the HTTP handler that connects to one address.</summary>
internal static class ConnectionHandler
{
    // A replica that went away without a word is noticed; a name's new addresses are found.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static SocketsHttpHandler Create(ServiceAddress address, DecisionTlsOptions tls)
    {
        var handler = new SocketsHttpHandler
        {
            // A proxy of the environment is for the internet, not for the service beside us.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = address.SocketPath is null ? ConnectionLifetime : Timeout.InfiniteTimeSpan,
            ConnectTimeout = ConnectTimeout,

            // With a connect of its own gRPC leaves connecting to the handler: nothing waits out a pause while the service is already back.
            ConnectCallback = (_, cancellation) => ConnectAsync(address, cancellation),
        };
        if (tls.IsSet)
        {
            handler.SslOptions = SslOptions(tls);
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(ServiceAddress address, CancellationToken cancellation)
    {
        var socket = address.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint target = address.SocketPath is { } path
                ? new UnixDomainSocketEndPoint(path)
                : new DnsEndPoint(address.Uri.DnsSafeHost, address.Uri.Port);
            await socket.ConnectAsync(target, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions SslOptions(DecisionTlsOptions tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => Own(certificate, key);
        }

        if (tls.CaFile is { } ca)
        {
            options.RemoteCertificateValidationCallback = (_, remote, chain, errors) => IsTrusted(ca, remote, chain, errors);
        }

        return options;
    }

    private static X509Certificate2 Own(string certificateFile, string keyFile)
    {
        var own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (!OperatingSystem.IsWindows())
        {
            return own;
        }

        // Windows signs only with keys that it keeps itself.
        using (own)
        {
            return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        }
    }

    // The name must be right and be there; whom to trust is what the file says, not what the system does.
    private static bool IsTrusted(string caFile, X509Certificate? remote, X509Chain? presented, SslPolicyErrors errors)
    {
        if (remote is not X509Certificate2 certificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(caFile);
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }
}
