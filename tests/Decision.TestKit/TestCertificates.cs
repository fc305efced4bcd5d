using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Decision.TestKit;

/// <summary>A root and what it signs, as PEM files in a folder.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder;
    private readonly X509Certificate2 _root;
    private readonly List<X509Certificate2> _issued = [];

    /// <summary>Makes a root, a certificate for servers and one for clients.</summary>
    public TestCertificates(string folder)
    {
        _folder = folder;
        _root = Authority("root of a test", null);
        RootFile = FileOf("root.pem");
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
        Server = Issue("localhost", _root, ForServers);
        Client = Issue("a-client", _root, ForClients);
        (ServerFile, ServerKeyFile) = Write("server", Server);
        (ClientFile, ClientKeyFile) = Write("client", Client);
    }

    public string RootFile { get; }

    public string ServerFile { get; }

    public string ServerKeyFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    /// <summary>For <c>localhost</c> and 127.0.0.1.</summary>
    public X509Certificate2 Server { get; }

    /// <summary><c>CN=a-client</c>, of the same DNS name.</summary>
    public X509Certificate2 Client { get; }

    /// <summary>The root itself, without its key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(_root.RawData);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for clients.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="uri">A URI among its names, such as a SPIFFE id; null = its DNS name is the common name.</param>
    /// <param name="lasts">From one day ago on; null = 30 days.</param>
    public X509Certificate2 IssueClient(string name, string? uri = null, TimeSpan? lasts = null) => Issue(name, _root, ForClients, uri, lasts);

    /// <summary>A certificate for servers, which shows itself as a client.</summary>
    public X509Certificate2 IssueServer(string name) => Issue(name, _root, ForServers);

    /// <summary>Writes a new certificate in place of the server's files; gives its serial number.</summary>
    public string RenewServer()
    {
        var renewed = Issue("localhost", _root, ForServers);
        Write("server", renewed);
        return renewed.SerialNumber;
    }

    /// <summary>The same, signed by another authority that the root signed; both are in the file.</summary>
    public void RenewServerUnderIntermediate() => RenewUnderIntermediate("server", "localhost", ForServers);

    /// <summary>Writes another certificate of the same client in place of its files, signed by another authority that the root signed; both are in the file.</summary>
    public void RenewClientUnderIntermediate() => RenewUnderIntermediate("client", "a-client", ForClients);

    /// <summary>How a client goes by them: it trusts the root alone, and shows a certificate or none.</summary>
    public SslClientAuthenticationOptions Options(X509Certificate2? shown = null, X509Certificate2? root = null) => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root ?? Root },
            RevocationMode = X509RevocationMode.NoCheck,
        },
        LocalCertificateSelectionCallback = shown is null ? null : (_, _, _, _, _) => shown,
    };

    public void Dispose()
    {
        _issued.ForEach(issued => issued.Dispose());
        _root.Dispose();
    }

    private void RenewUnderIntermediate(string file, string name, string usage)
    {
        var intermediate = Authority("between", _root);
        string written = Write(file, Issue(name, intermediate, usage)).File;
        File.AppendAllText(written, "\n" + intermediate.ExportCertificatePem() + "\n");
    }

    private X509Certificate2 Authority(string name, X509Certificate2? parent)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (parent is null)
        {
            return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(60));
        }

        using var signed = request.Create(parent, Now.AddDays(-2), Now.AddDays(50), RandomNumberGenerator.GetBytes(8));
        _issued.Add(signed.CopyWithPrivateKey(key));
        return _issued[^1];
    }

    private X509Certificate2 Issue(string name, X509Certificate2 by, string usage, string? uri = null, TimeSpan? lasts = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (uri is null)
        {
            names.AddDnsName(name);
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        var start = Now.AddDays(-1);
        using var issued = request.Create(by, start, start + (lasts ?? TimeSpan.FromDays(30)), RandomNumberGenerator.GetBytes(8));
        _issued.Add(issued.CopyWithPrivateKey(key));
        return _issued[^1];
    }

    private (string File, string KeyFile) Write(string name, X509Certificate2 certificate)
    {
        (string file, string keyFile) = (FileOf(name + ".pem"), FileOf(name + ".key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }

    private string FileOf(string name) => Path.Combine(_folder, name);
}
