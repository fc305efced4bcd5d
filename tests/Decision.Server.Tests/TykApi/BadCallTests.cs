using System.Text;
using Decision.Server.Tests.Proxies;

namespace Decision.Server.Tests.TykApi;

public class BadCallTests
{
    private const string Gold = """{"id": "gold", "org_id": "acme", "rate": 5, "per": 1, "quota_max": -1, "access_rights": {"orders": {}}}""";

    [Theory]
    [InlineData("/tyk/policies", "x-tyk-authorization", 403)]
    [InlineData("/api/portal/policies", "authorization", 401)]
    public async Task A_credential_that_is_sent_twice_is_refused(string target, string header, int expected)
    {
        await using var server = await RunningServer.StartAsync();

        string once = await RawHttp.SendAsync(
            server.Listeners.Http!, $"GET {target} HTTP/1.1\nHost: x\n{header}: {RunningServer.Secret}\nConnection: close\n\n");
        string twice = await RawHttp.SendAsync(
            server.Listeners.Http!, $"GET {target} HTTP/1.1\nHost: x\n{header}: {RunningServer.Secret}\n{header}: {RunningServer.Secret}\nConnection: close\n\n");

        Assert.Equal((200, expected), (RawHttp.StatusOf(once), RawHttp.StatusOf(twice)));
        Assert.DoesNotContain(RunningServer.Secret, twice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413_whether_it_says_so_or_not()
    {
        await using var server = await RunningServer.StartAsync(["Server:MaxRequestBytes=65536"]);
        string body = $$"""{"alias": "{{new string('x', 70_000)}}"}""";
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/tyk/keys/create") { Content = new StreamContent(new Unsized(Encoding.UTF8.GetBytes(body))) };
        chunked.Headers.Add("x-tyk-authorization", RunningServer.Secret);
        chunked.Headers.TransferEncodingChunked = true;

        var (status, text) = await server.CallAsync("POST", "/tyk/keys/create", body);
        using var response = await server.Http.SendAsync(chunked);

        Assert.Equal(413, status);
        Assert.Equal("The request's body is larger than 65536 bytes (Server:MaxRequestBytes).", TykClient.MessageOf(text));
        Assert.Equal((413, text), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_an_answer_and_writes_nothing()
    {
        await using var server = await RunningServer.StartAsync();

        string answer = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"POST /tyk/policies HTTP/1.1\nHost: x\nx-tyk-authorization: {RunningServer.Secret}\nTransfer-Encoding: chunked\nConnection: close\n\nzz\n{{}}\n");

        Assert.Equal(400, RawHttp.StatusOf(answer));
        Assert.Contains("\"status\":\"error\"", answer, StringComparison.Ordinal);
        Assert.Equal("[]", (await server.DoAsync("GET", "/tyk/policies")).ToJsonString());
    }

    [Theory]
    [InlineData("/tyk/keys/%2e/a-key-of-the-tests-1", 200)]
    [InlineData("/tyk/keys/x/../a-key-of-the-tests-1", 200)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1/.", 400)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1/%2E", 400)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1/x/..", 400)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1/..", 405)]
    [InlineData("/tyk/keys/a%2Dkey-of-the-tests-1", 200)]
    [InlineData("/tyk/keys/a%252Dkey-of-the-tests-1", 404)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1%FF", 404)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1%20", 404)]
    [InlineData("/tyk/keys/a-key-of-the-tests-1;x", 404)]
    [InlineData("/tyk/keys/A-KEY-OF-THE-TESTS-1", 404)]
    [InlineData("/TYK/KEYS/a-key-of-the-tests-1", 200)]
    [InlineData("http://somewhere.else/tyk/keys/a-key-of-the-tests-1", 200)]
    public async Task A_path_names_the_key_that_it_spells_or_none(string target, int expected)
    {
        await using var server = await RunningServer.StartAsync();
        await server.DoAsync("POST", "/tyk/policies", Gold);
        await server.DoAsync("POST", "/tyk/keys/a-key-of-the-tests-1", """{"org_id": "acme", "apply_policies": ["gold"]}""");

        string answer = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"DELETE {target} HTTP/1.1\nHost: somewhere.else\nx-tyk-authorization: {RunningServer.Secret}\nConnection: close\n\n");
        var (after, _) = await server.CallAsync("GET", "/tyk/keys/a-key-of-the-tests-1");

        Assert.Equal((expected, expected == 200 ? 404 : 200), (RawHttp.StatusOf(answer), after));
    }

    [Fact]
    public async Task A_huge_id_is_nobodys()
    {
        await using var server = await RunningServer.StartAsync();

        var (status, _) = await server.CallAsync("GET", "/tyk/keys/" + new string('k', 8000));
        var (longest, text) = await server.CallAsync("POST", "/tyk/policies", Gold.Replace("gold", new string('p', 5000), StringComparison.Ordinal));
        var (missing, _) = await server.CallAsync("GET", "/tyk/policies/" + new string('p', 5000));

        Assert.Equal((404, 400, 404), (status, longest, missing));
        Assert.StartsWith("Invalid Policy ID: ", TykClient.MessageOf(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_make_the_same_key_at_once_make_one_key()
    {
        await using var server = await RunningServer.StartAsync();
        await server.DoAsync("POST", "/tyk/policies", Gold);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            server.DoAsync("POST", "/tyk/keys/one-key-for-all-of-us", $$"""{"org_id": "acme", "alias": "{{number}}", "apply_policies": ["gold"]}""")));

        Assert.Single(answers.Select(answer => answer.Text("key_id")).Distinct());
        Assert.Equal([answers[0].Text("key_id")], (await server.DoAsync("GET", "/tyk/keys"))["keys"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task Administration_with_an_address_of_its_own_is_served_there_alone()
    {
        await using var server = await RunningServer.StartAsync(["Server:AdminHttp=127.0.0.1:0"]);
        using var admin = new HttpClient { BaseAddress = new Uri($"http://{server.Listeners.AdminHttp}") };
        admin.DefaultRequestHeaders.Add("x-tyk-authorization", RunningServer.Secret);

        foreach (string target in new[] { "/tyk/keys", "/tyk/keys/x", "/tyk/policies", "/api/portal/policies", "/tyk/nothing" })
        {
            Assert.Equal((404, ""), await server.CallAsync("GET", target));
        }

        Assert.Equal("""{"keys":[]}""", await admin.GetStringAsync("/tyk/keys"));
    }

    [Fact]
    public async Task Master_keys_are_made_where_they_are_allowed()
    {
        await using var server = await RunningServer.StartAsync(["Keys:AllowMasterKeys=true"]);

        var created = await server.DoAsync("POST", "/tyk/keys/create", """{"org_id": "acme", "rate": 10, "per": 1, "quota_max": -1}""");
        var listed = await server.DoAsync("GET", "/tyk/keys?api_id=anything");

        Assert.Equal(created.Text("key_id"), (string)listed["keys"]![0]!);
    }

    // A body without a length.
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
