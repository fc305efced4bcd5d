using System.Globalization;
using System.Net;
using Decision.Server.Tests.Proxies;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Packaging;

/// <summary>The real nginx with the file of compose.yaml, in front of the stand-in that is in it.</summary>
public class ComposeProxyTests
{
    private static readonly string Conf = DeployFiles.PathOf("compose", "nginx.conf");

    [Fact]
    public void File_is_that_of_docs_but_for_addresses_and_the_stand_in()
    {
        string[] docs = Lines(Repository.PathOf("docs", "proxies", "nginx.conf"));
        string[] own = Lines(Conf);
        int end = Array.FindIndex(own, line => line.Contains("Stand-in", StringComparison.Ordinal));
        string[] shared = [.. own[..end], "}"];

        Assert.Equal(docs.Length, shared.Length);
        Assert.Equal(
            [("        server 127.0.0.1:8088;", "        server decision:8088;"), ("        listen 127.0.0.1:8080;", "        listen 8080;")],
            docs.Zip(shared).Where(pair => pair.First != pair.Second));
    }

    [Fact]
    public async Task Allowed_reaches_the_stand_in_and_the_rest_is_refused_with_its_reason()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");
        string standIn = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisServer.FreePort()}");
        int port = RedisServer.FreePort();
        await using var nginx = await RealProxy.StartNginxAsync(
            Conf,
            port,
            ("decision:8088", server.Listeners.Http!.ToString()),
            ("listen 8080", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port}")),
            ("127.0.0.1:9000", standIn));

        using var keyless = await AskAsync(nginx, null);
        using var allowed = await AskAsync(nginx, key);
        for (int more = 0; more < 4; more++)
        {
            (await AskAsync(nginx, key)).Dispose();
        }

        using var refused = await AskAsync(nginx, key);

        Assert.Equal(HttpStatusCode.Unauthorized, keyless.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("from the stand-in\n", await allowed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("RATE_LIMITED", Assert.Single(refused.Headers.GetValues("X-Decision-Reason")));
    }

    private static async Task<HttpResponseMessage> AskAsync(RealProxy nginx, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/open");
        request.Headers.Host = "shop.example.com";
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        return await nginx.Http.SendAsync(request);
    }

    // From the first directive on; empty lines apart.
    private static string[] Lines(string file) =>
        [.. File.ReadAllLines(file).SkipWhile(line => !line.StartsWith("worker_processes", StringComparison.Ordinal)).Where(line => line.Length > 0)];
}
