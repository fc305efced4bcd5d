using System.Security.Cryptography;
using System.Text;
using Decision.Server.Hosting;
using Decision.Server.Tests.Proxies;
using Decision.Server.Tests.TykApi;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Callers;

/// <summary>A server with a file of callers: one that may ask for everything, one of an organisation, one of an API.</summary>
internal sealed class CallerSite : IDisposable
{
    /// <summary>A policy of another organisation.</summary>
    public const string Globex = """{"org_id":"globex","rate":5,"per":10,"access_rights":{"things":{"api_id":"things","versions":[]}}}""";

    /// <summary>An API of another organisation that needs no key.</summary>
    public const string Open = """
        {"api_id":"open","organization_id":"globex","listen_path":"/open/","hosts":["open.example.com"],"public":[{"url":"/","methods":["GET"]}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public CallerSite()
    {
        File = Path.Combine(_folder.Path, "callers.json");
        Write($$"""
            {
              "edge": { "token_sha256": "{{Hash("edge-token")}}" },
              "acme-proxy": { "token_sha256": ["{{Hash("acme-old")}}", "{{Hash("acme-new")}}"], "organizations": ["acme"] },
              "orders-proxy": { "token_sha256": "{{Hash("orders-token")}}", "apis": "orders" }
            }
            """);
    }

    public string File { get; }

    public string Folder => _folder.Path;

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static Metadata Token(string token) => new() { { "authorization", "Bearer " + token } };

    /// <summary>Looks at the file, as the poll does.</summary>
    public static void Look(RunningServer server) => Assert.Single(server.Services.GetServices<IReloadedFile>().OfType<Server.Callers.CallerRegistry>()).Look();

    public void Write(string content) => System.IO.File.WriteAllText(File, content);

    public Task<RunningServer> StartAsync(params string[] settings) => StartAsync(null, settings);

    public Task<RunningServer> StartAsync(LoggedLines? log, params string[] settings) => RunningServer.StartAsync(
        ["Callers:File=" + File, .. log is null ? [] : new[] { "Logging:LogLevel:Default=Information" }, .. settings],
        new Dictionary<string, string> { ["small"] = Samples.Small, ["globex"] = Globex },
        new Dictionary<string, string> { ["open"] = Open, ["orders"] = ProxySamples.Orders },
        replace: log is null ? null : services => services.AddLogging(logging => logging.AddProvider(log)));

    public void Dispose() => _folder.Dispose();
}
