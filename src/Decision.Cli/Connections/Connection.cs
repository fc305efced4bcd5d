using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Decision.Cli.Connections;

/// <summary>A connection to the service.</summary>
internal sealed class Connection : IDisposable
{
    private readonly GrpcChannel _channel;

    private Connection(GrpcChannel channel, CallInvoker calls, ConnectionSettings settings) => (_channel, Calls, Settings) = (channel, calls, settings);

    public ConnectionSettings Settings { get; }

    public CallInvoker Calls { get; }

    /// <exception cref="CommandException">A certificate cannot be read.</exception>
    public static Connection Open(ConnectionSettings settings, Output output, TimeProvider time, CancellationToken cancellation)
    {
        if (settings is { Secret: not null, Address: { Scheme: "http", IsLoopback: false } })
        {
            output.Note($"The secret goes to {settings.Address.Authority} in clear: use an https:// address outside of this machine.");
        }

        var channel = GrpcChannel.ForAddress(settings.Address, new GrpcChannelOptions
        {
            HttpHandler = Handler(settings),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        return new Connection(channel, channel.Intercept(new CallDefaults(settings, time, cancellation)), settings);
    }

    public void Dispose() => _channel.Dispose();

    /// <summary>What trusts and shows the certificates of the settings.</summary>
    public static SocketsHttpHandler Handler(ConnectionSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            // The service is asked directly; a proxy of the environment is for the web.
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            AutomaticDecompression = DecompressionMethods.None,
        };
        if (settings.AuthorityFile is { } authorities)
        {
            var trusted = new X509Certificate2Collection();
            ReadCertificates(authorities, () => trusted.ImportFromPemFile(authorities));
            if (trusted.Count == 0)
            {
                throw CommandException.WrongUse($"The certificate file {authorities} cannot be used: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----).");
            }

            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        if (settings.CertificateFile is { } certificate)
        {
            ReadCertificates(certificate, () =>
            {
                // The first is the client's own; what follows leads to the root that the service trusts.
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(certificate);
                handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(
                    X509Certificate2.CreateFromPemFile(certificate, settings.CertificateKeyFile), chain, offline: true);
            });
        }
        else if (settings.CertificateKeyFile is { } key)
        {
            throw CommandException.WrongUse($"The key {key} has no certificate: name that too, with --cert-file or DECISION_CERT_FILE.");
        }

        return handler;
    }

    private static void ReadCertificates(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw CommandException.WrongUse($"The certificate file {file} cannot be used: {exception.Message}");
        }
    }
}
