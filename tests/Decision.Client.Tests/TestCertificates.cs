using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Decision.Client.Tests;

/// <summary>A root, a server certificate and a client certificate, as PEM files in a folder.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestCertificates(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=root of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        RootFile = Path.Combine(folder, "root.pem");
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
        Server = Issue("localhost", "1.3.6.1.5.5.7.3.1");
        using var client = Issue("a-client", "1.3.6.1.5.5.7.3.2");
        (ClientFile, ClientKeyFile) = (Path.Combine(folder, "client.pem"), Path.Combine(folder, "client.key"));
        File.WriteAllText(ClientFile, client.ExportCertificatePem());
        File.WriteAllText(ClientKeyFile, client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public string RootFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    /// <summary>For <c>localhost</c> and 127.0.0.1.</summary>
    public X509Certificate2 Server { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose()
    {
        Server.Dispose();
        _root.Dispose();
    }

    private X509Certificate2 Issue(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_root, Now.AddDays(-1), Now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
