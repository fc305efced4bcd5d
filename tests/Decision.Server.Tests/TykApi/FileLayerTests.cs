namespace Decision.Server.Tests.TykApi;

public class FileLayerTests
{
    private const string Gold = """{"gold": {"org_id": "acme", "rate": 5, "per": 1, "quota_max": -1, "access_rights": {"orders": {}}}}""";

    private static async Task<RunningServer> StartAsync(TemporaryFolder folder) => await RunningServer.StartAsync(
        ["Storage:Path=:memory:", "policies:policy_source=file", "policies:policy_record_name=" + folder.Write("policies.json", Gold)], folder: folder);

    [Theory]
    [InlineData("POST", "/tyk/policies")]
    [InlineData("PUT", "/tyk/policies/gold")]
    [InlineData("DELETE", "/tyk/policies/gold")]
    [InlineData("POST", "/api/portal/policies")]
    [InlineData("PUT", "/api/portal/policies/gold")]
    [InlineData("DELETE", "/api/portal/policies/gold")]
    public async Task A_policy_of_a_file_is_not_changed_and_the_answer_names_the_file(string method, string target)
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);

        var (status, body) = await server.CallAsync(
            method, target, method == "DELETE" ? null : """{"id": "gold", "org_id": "acme", "rate": 9, "per": 1, "access_rights": {"orders": {}}}""");

        Assert.Equal(409, status);
        Assert.Contains("policies.json: change it there.", body, StringComparison.Ordinal);
        Assert.Equal(5, (int)(await server.DoAsync("GET", "/tyk/policies/gold"))["rate"]!);
    }

    [Fact]
    public async Task Policies_of_both_layers_are_listed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);
        await server.DoAsync("POST", "/tyk/policies", """{"id": "silver", "org_id": "acme", "rate": 1, "per": 1, "quota_max": -1, "access_rights": {"orders": {}}}""");

        var list = await server.DoAsync("GET", "/tyk/policies");
        var portal = await server.DoAsync("GET", "/api/portal/policies");

        Assert.Equal(["gold", "silver"], list.AsArray().Select(policy => policy!.Text("id")));
        Assert.Equal(["gold", "silver"], portal["Data"]!.AsArray().Select(policy => policy!.Text("_id")));
    }

    [Theory]
    [InlineData("/tyk/reload?block=true")]
    [InlineData("/tyk/reload/group?block=true")]
    public async Task Reload_that_waits_tells_of_a_broken_file_and_what_was_in_force_stays(string target)
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);
        folder.Write("policies.json", """{"gold": {"rate": "many", "quota_max": -9}}""");

        var (status, body) = await server.CallAsync("GET", target);

        Assert.Equal(500, status);
        string message = TykClient.MessageOf(body);
        Assert.Contains("what was in force before stays", message, StringComparison.Ordinal);
        Assert.Contains("policy gold: rate: expected a number", message, StringComparison.Ordinal);
        Assert.Contains("quota_max", message, StringComparison.Ordinal);
        Assert.Equal(5, (int)(await server.DoAsync("GET", "/tyk/policies/gold"))["rate"]!);
    }

    [Fact]
    public async Task Reload_that_does_not_wait_reads_the_files_too()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);
        folder.Write("policies.json", Gold.Replace("\"rate\": 5", "\"rate\": 6", StringComparison.Ordinal));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.DoAsync("GET", "/tyk/reload")));

        Assert.All(answers, answer => Assert.Equal("""{"status":"ok","message":""}""", answer.ToJsonString()));
        await Redis.Eventually.IsAsync(
            async () => (int)(await server.DoAsync("GET", "/tyk/policies/gold"))["rate"]!, rate => rate == 6);
    }
}
