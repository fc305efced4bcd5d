using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Decision.Server.Tls;

/// <summary>Certificates as they were in the files at one moment, checked to belong together.</summary>
internal sealed class TlsMaterial
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string AnyUsage = "2.5.29.37.0";

    private TlsMaterial(SslStreamCertificateContext? server, X509Certificate2? certificate, X509Certificate2Collection? clientRoots) =>
        (Server, Certificate, ClientRoots) = (server, certificate, clientRoots);

    /// <summary>The server's certificate with what is sent beside it; null = none is set.</summary>
    public SslStreamCertificateContext? Server { get; }

    public X509Certificate2? Certificate { get; }

    /// <summary>Who may have signed clients' certificates; null = none is set.</summary>
    public X509Certificate2Collection? ClientRoots { get; }

    /// <summary>Takes what the files hold.</summary>
    /// <param name="settings">Names of the files.</param>
    /// <param name="files">Their text.</param>
    /// <param name="problem">What is wrong, as a sentence; null = nothing.</param>
    public static TlsMaterial? Of(TlsSettings settings, in TlsFiles files, out string? problem)
    {
        X509Certificate2Collection? roots = null;
        if (settings.HasClientCa)
        {
            roots = Certificates(files.ClientCa);
            if (roots.Count == 0)
            {
                problem = $"{settings.ClientCaFile} holds no certificate: write one or more as PEM (-----BEGIN CERTIFICATE-----).";
                return null;
            }
        }

        if (!settings.HasCertificate)
        {
            problem = null;
            return new TlsMaterial(null, null, roots);
        }

        var chain = Certificates(files.Certificate);
        if (chain.Count == 0)
        {
            problem = $"{settings.CertificateFile} holds no certificate: write the server's as PEM (-----BEGIN CERTIFICATE-----), then what leads to its root.";
            return null;
        }

        if (chain[0].Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } usages
            && !usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ServerUsage or AnyUsage))
        {
            problem = $"{settings.CertificateFile} begins with a certificate that is not for servers: put the server's own first.";
            return null;
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
            var server = Usable(pair);

            // Nothing is fetched: what leads to the root is in the file.
            var context = SslStreamCertificateContext.Create(server, [.. chain.Skip(1)], offline: true);
            problem = null;
            return new TlsMaterial(context, server, roots);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            problem = $"{settings.KeyFile} does not go with {settings.CertificateFile} ({exception.Message.TrimEnd('.')}): "
                + "write the private key of its first certificate as PEM, not encrypted.";
            return null;
        }
    }

    private static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            // Told as if there were none: whatever stands there is no certificate.
            certificates.Clear();
        }

        return certificates;
    }

    private static X509Certificate2 Usable(X509Certificate2 pair)
    {
        // Windows signs only with keys that it keeps itself; elsewhere a copy is as good.
        byte[] pkcs12 = pair.Export(X509ContentType.Pkcs12);
        return X509CertificateLoader.LoadPkcs12(pkcs12, null);
    }
}
