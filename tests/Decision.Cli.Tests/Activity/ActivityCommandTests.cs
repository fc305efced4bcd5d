using System.Text.Json.Nodes;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Activity;

/// <summary><c>decisionctl tail</c>, <c>top</c> and <c>usage</c> against a server.</summary>
public sealed class ActivityCommandTests(LiveServer server)
{
    [Fact]
    public async Task Tail_tells_a_refusal_that_happens_while_it_follows()
    {
        var (id, secret) = await KeyAsync();
        var tail = ToolProcess.Start(server, "tail", "--key-id", id, "--max", "1", "--output", "json");
        using var process = tail;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        // Until it follows, refusals go by; each is another one that it may tell.
        var refused = new List<string>();
        while (!process.HasExited)
        {
            var run = await Tool.RunAsync(server, "authorize", "--key", secret, "--api", "orders", "--path", "/orders/1", "-o", "json");
            if (run.Code == ExitCode.Refused)
            {
                refused.Add(run.Json["decision_id"]!.GetValue<string>());
            }
        }

        Assert.Equal((int)ExitCode.Done, process.ExitCode);
        var told = JsonNode.Parse(await output)!;
        Assert.Contains(told["decision_id"]!.GetValue<string>(), refused);
        Assert.Equal((id, "tour", "orders"), (told["key_id"]!.GetValue<string>(), told["origin"]!.GetValue<string>(), told["api_id"]!.GetValue<string>()));
        Assert.Contains(told["reason"]!.GetValue<string>(), (string[])["REASON_RATE_LIMITED", "REASON_QUOTA_EXCEEDED"]);
    }

    [Fact]
    public async Task Tail_ends_with_interrupted_on_Ctrl_C()
    {
        var (id, secret) = await KeyAsync();
        using var process = ToolProcess.Start(server, "tail", "--key-id", id);
        Assert.Equal("Following refusals; Ctrl+C ends it.", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        for (int time = 0; time < 4; time++)
        {
            await Tool.RunAsync(server, "authorize", "--key", secret, "--api", "orders", "--path", "/orders/1");
        }

        string line = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        await ToolProcess.InterruptAsync(process);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"RATE_LIMITED by tour  {id}", line, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task Top_shows_who_is_refused_most()
    {
        var (id, secret) = await KeyAsync();
        for (int time = 0; time < 40; time++)
        {
            await Tool.RunAsync(server, "authorize", "--key", secret, "--api", "orders", "--path", "/orders/1");
        }

        var table = (await Tool.RunAsync(server, "top", "--org", "demo")).Expect(ExitCode.Done);
        var json = (await Tool.RunAsync(server, "top", "--by", "policy", "-o", "json")).Expect(ExitCode.Done).Json;

        Assert.Contains(table.Lines, line => line.StartsWith(id, StringComparison.Ordinal) && line.Contains("RATE_LIMITED", StringComparison.Ordinal));
        Assert.Contains("refusals since", table.Error, StringComparison.Ordinal);
        Assert.Contains(json["refused"]!.AsArray(), one => one!["name"]!.GetValue<string>() == "tour" && one["count"]!.GetValue<long>() >= 37);
    }

    [Fact]
    public async Task Usage_that_is_not_counted_says_how_to_count_it()
    {
        var run = (await Tool.RunAsync(server, "usage", "--policy", "tour")).Expect(ExitCode.Refused);

        Assert.Contains("set Usage:Days", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_tells_each_hour_of_a_server_that_counts()
    {
        string folder = Directory.CreateTempSubdirectory("decisionctl-usage-").FullName;
        await using (var counting = await DemoServer.StartAsync(folder, $"--Admin:Secret={LiveServer.Secret}", "--Usage:Days=7", "--Usage:FlushInterval=100ms"))
        {
            var tool = new Tool { Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = "http://" + counting.Grpc, ["DECISION_ADMIN_SECRET"] = LiveServer.Secret } };
            string secret = (await tool.RunAsync("key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Expect(ExitCode.Done).Out.Trim();
            for (int time = 0; time < 4; time++)
            {
                await tool.RunAsync("authorize", "--key", secret, "--api", "orders", "--path", "/orders/1");
            }

            JsonNode hour;
            do
            {
                hour = (await tool.RunAsync("usage", "--policy", "tour", "--last", "1h", "-o", "json")).Expect(ExitCode.Done).Json["hours"]!.AsArray().Aggregate((one, other) =>
                    one!["allowed"]!.GetValue<long>() > 0 ? one : other)!;
            }
            while (hour["refused"]!.GetValue<long>() == 0);
            var table = (await tool.RunAsync("usage", "--policy", "tour")).Expect(ExitCode.Done);

            Assert.Equal((3, 1), (hour["allowed"]!.GetValue<int>(), hour["refused"]!.GetValue<int>()));
            Assert.Contains(table.Lines, line => line.Contains("UTC  3        1        ███", StringComparison.Ordinal));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("usage", "one of --key-id, --policy and --api")]
    [InlineData("usage --policy a --api b", "one of --key-id, --policy and --api")]
    [InlineData("tail --reason ALLOWED", "--reason 'ALLOWED' is none: write one of KEY_MISSING,")]
    [InlineData("top --limit 501", "--limit 501 is too many: at most 500")]
    [InlineData("top --limit 0", "--limit must be 1 or more.")]
    public async Task Wrong_use_is_told(string arguments, string expected)
    {
        var run = (await Tool.RunAsync(server, arguments.Split(' '))).Expect(ExitCode.WrongUse);

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Secret)> KeyAsync()
    {
        var json = (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "-o", "json")).Expect(ExitCode.Done).Json;
        return (json["key_id"]!.GetValue<string>(), json["api_key"]!.GetValue<string>());
    }
}
