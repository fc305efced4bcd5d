using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Decision.Cli.Tests.Support;
using Decision.TestKit;

[assembly: AssemblyFixture(typeof(Decision.Cli.Tests.Connections.TlsSite))]

namespace Decision.Cli.Tests.Connections;

/// <summary>
/// The real server with TLS, which asks clients for a certificate over gRPC, and lets two callers ask for decisions: one by its token, one by its
/// certificate.
/// </summary>
public sealed class TlsSite : IAsyncLifetime
{
    public const string Token = "a-token-for-tests-only";

    private readonly FileFolder _folder = new();
    private DemoServer? _server;

    public TestCertificates Certificates { get; }

    public TlsSite()
    {
        Certificates = new TestCertificates(_folder.Path);
        Certificates.RenewClientUnderIntermediate();
        StrangerFile = _folder.Write("stranger.pem", CertificateWithKey("a-stranger"));
        ServerAsClientFile = _folder.Write("server-as-client.pem", File.ReadAllText(Certificates.ServerFile) + "\n" + File.ReadAllText(Certificates.ServerKeyFile));
    }

    /// <summary>A client's certificate with its key in one file, of a client that is no caller.</summary>
    public string StrangerFile { get; }

    /// <summary>A certificate that is not for clients, with its key.</summary>
    public string ServerAsClientFile { get; }

    public string Grpc => "https://" + _server!.Grpc;

    public string Http => "https://" + _server!.Http;

    public string Cleartext => "http://" + _server!.Grpc;

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string name, string content) => _folder.Write(name, content);

    /// <summary>Runs the tool with an address, and with what trusts the server and shows the caller's certificate, unless told otherwise.</summary>
    /// <param name="certificate">The client's certificate; empty = none.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="arguments">The command.</param>
    internal Task<ToolRun> RunAsync(string? certificate, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var variables = new Dictionary<string, string>(environment);
        variables.TryAdd("DECISION_ADDRESS", Grpc);
        variables.TryAdd("DECISION_CA_FILE", Certificates.RootFile);
        variables.TryAdd("DECISION_CERT_FILE", certificate ?? Certificates.ClientFile);
        variables.TryAdd("DECISION_CERT_KEY_FILE", certificate is null ? Certificates.ClientKeyFile : "");
        return new Tool { Environment = variables }.RunAsync(arguments);
    }

    public async ValueTask InitializeAsync()
    {
        string callers = _folder.Write("callers.json", $$"""
            {
              "edge": { "token_sha256": "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)))}}" },
              "sidecar": { "certificate_names": ["a-client"], "apis": ["orders"] }
            }
            """);
        Directory.CreateDirectory(_folder.PathOf("data"));
        _server = await DemoServer.StartAsync(
            _folder.PathOf("data"),
            "--Server:Tls:CertificateFile=" + Certificates.ServerFile,
            "--Server:Tls:KeyFile=" + Certificates.ServerKeyFile,
            "--Server:Tls:ClientCaFile=" + Certificates.RootFile,
            "--Server:Tls:ClientCertificateAddresses=Grpc",
            "--Callers:File=" + callers,
            "--Admin:Secret=" + LiveServer.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Certificates.Dispose();
        _folder.Dispose();
    }

    private string CertificateWithKey(string name)
    {
        var issued = Certificates.IssueClient(name);
        return issued.ExportCertificatePem() + "\n" + issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
