using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Authorize;

/// <summary><c>decisionctl authorize</c> and <c>explain</c> against a server.</summary>
public sealed class AuthorizeCommandTests(LiveServer server)
{
    private static readonly string[] Order = ["--api", "orders", "--path", "/orders/1"];

    [Fact]
    public async Task Authorize_until_refused_ends_with_refused_and_says_why()
    {
        string key = await KeyAsync();
        for (int i = 0; i < 3; i++)
        {
            (await Tool.RunAsync(server, ["authorize", "--key", key, .. Order])).Expect(ExitCode.Done);
        }

        var run = (await Tool.RunAsync(server, ["authorize", "--key", key, .. Order])).Expect(ExitCode.Refused);

        Assert.Equal("refused: RATE_LIMITED (429)", run.Lines[0]);
        Assert.Contains(run.Lines, line => line.StartsWith("rate 3 / 10s  policy:tour  0", StringComparison.Ordinal) && line.EndsWith("refuses", StringComparison.Ordinal));
        Assert.Contains("try again", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Authorize_peek_spends_nothing()
    {
        string key = await KeyAsync();
        for (int i = 0; i < 4; i++)
        {
            (await Tool.RunAsync(server, ["authorize", "--key", key, "--peek", .. Order])).Expect(ExitCode.Done);
        }
    }

    [Fact]
    public async Task Authorize_json_is_the_answer_in_snake_case()
    {
        var json = (await Tool.RunAsync(server, ["authorize", "--key", "dk_unknown", "-o", "json", .. Order])).Expect(ExitCode.Refused).Json;

        Assert.False(json["allowed"]!.GetValue<bool>());
        Assert.Equal(("REASON_KEY_UNKNOWN", 403), (json["reason"]!.GetValue<string>(), json["http_status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Authorize_without_key_is_asked_as_of_a_client_without_one() =>
        Assert.Equal("KEY_MISSING", (await Tool.RunAsync(server, ["authorize", "--quiet", .. Order])).Expect(ExitCode.Refused).Out.Trim());

    [Fact]
    public async Task Authorize_by_host_finds_the_api() =>
        (await Tool.RunAsync(server, "authorize", "--key", await KeyAsync(), "--host", "any.example.com", "--path", "/reports/1", "--version", "v1", "-X", "post")).Expect(ExitCode.Done);

    [Fact]
    public async Task Authorize_key_of_environment_or_file_is_used()
    {
        string key = await KeyAsync();
        var environment = new Tool { Server = server, Environment = new Dictionary<string, string> { ["DECISION_API_KEY"] = key } };

        (await environment.RunAsync(["authorize", .. Order])).Expect(ExitCode.Done);
        (await new Tool { Server = server, Input = key + "\n" }.RunAsync(["authorize", "--key-file", "-", .. Order])).Expect(ExitCode.Done);
        Assert.Contains("not both", (await environment.RunAsync(["authorize", "--key", key, "--key-file", "-", .. Order])).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--host", "authorize", "--path", "/x")]
    [InlineData("Name: value", "authorize", "--api", "orders", "--header", "Date")]
    [InlineData("--host", "explain")]
    [InlineData("--concurrency", "bench", "--api", "orders", "-c", "1000")]
    [InlineData("--seconds", "bench", "--api", "orders", "--seconds", "0")]
    [InlineData("--count", "bench", "--api", "orders", "-n", "99999999")]
    public async Task Run_wrongly_used_names_what_is_wrong(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await Tool.RunAsync(server, arguments)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Explain_in_80_columns_shows_every_step_and_who_set_the_limits()
    {
        string key = await KeyAsync();
        var tool = new Tool { Server = server, Width = 80 };

        var run = (await tool.RunAsync(["explain", "--key", key, .. Order])).Expect(ExitCode.Done);

        Assert.Equal("would be allowed", run.Lines[0]);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain('\u001b', run.Out);
        foreach (string step in (string[])["✓  key", "✓  expiry", "✓  api", "✓  rate", "✓  quota", "·  api_limit"])
        {
            Assert.Contains(run.Lines, line => line.TrimStart().StartsWith(step, StringComparison.Ordinal));
        }

        Assert.Contains("Set by tour (rate), counted on policy:tour", Flat(run), StringComparison.Ordinal);
        Assert.Contains("of the quota counted on policy:tour", Flat(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_a_key_by_its_id_needs_no_text_of_it()
    {
        string id = (string)(await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "-o", "json")).Expect(ExitCode.Done).Json["key_id"]!;

        // The key of the environment is that of other calls, and does not count here.
        var tool = new Tool { Server = server, Environment = new Dictionary<string, string> { ["DECISION_API_KEY"] = "dk_other" } };
        var run = (await tool.RunAsync(["explain", "--key-id", id, .. Order])).Expect(ExitCode.Done);
        var both = (await tool.RunAsync(["explain", "--key-id", id, "--key", "dk_x", .. Order])).Expect(ExitCode.WrongUse);

        Assert.Equal("would be allowed", run.Lines[0]);
        Assert.Contains($"with the key {id}", run.Out, StringComparison.Ordinal);
        Assert.Contains("not both", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_refused_marks_the_step_and_would_spend_nothing()
    {
        string key = await KeyAsync();

        var run = (await Tool.RunAsync(server, "explain", "--key", key, "--api", "no-such-api", "--path", "/")).Expect(ExitCode.Done);

        Assert.Equal("would be refused: API_NOT_GRANTED (403)", run.Lines[0]);
        Assert.Contains(run.Lines, line => line.TrimStart().StartsWith("✗  api ", StringComparison.Ordinal) && line.EndsWith("Refused: API_NOT_GRANTED.", StringComparison.Ordinal));
        Assert.Equal("  nothing", run.Lines[^1]);
    }

    [Fact]
    public async Task Run_on_a_terminal_has_colours_unless_NO_COLOR_is_set()
    {
        string key = await KeyAsync();

        Assert.Contains("\u001b[", (await new Tool { Server = server, IsTerminal = true }.RunAsync(["explain", "--key", key, .. Order])).Out, StringComparison.Ordinal);
        var plain = new Tool { Server = server, IsTerminal = true, Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" } };
        Assert.DoesNotContain("\u001b[3", (await plain.RunAsync(["explain", "--key", key, .. Order])).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "table", true)]
    [InlineData(true, "json", false)]
    [InlineData(false, "table", false)]
    public async Task Bench_shows_a_bar_where_a_person_looks_and_on_the_error_stream_alone(bool isTerminal, string format, bool isShown)
    {
        var tool = new Tool { Server = server, IsTerminal = isTerminal, Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" } };

        var run = (await tool.RunAsync(["bench", "--key", await KeyAsync(), "--count", "5", "-c", "1", "-o", format, .. Order])).Expect(ExitCode.Done);

        Assert.Equal(isShown, run.Error.Contains('━', StringComparison.Ordinal) && run.Error.Contains('%', StringComparison.Ordinal));
        Assert.DoesNotContain('━', run.Out);
    }

    [Fact]
    public async Task Bench_spends_nothing_unless_it_is_told_to()
    {
        string key = await KeyAsync();

        var peeked = (await Tool.RunAsync(server, ["bench", "--key", key, "--count", "50", "-c", "4", "-o", "json", .. Order])).Expect(ExitCode.Done).Json;
        var spent = (await Tool.RunAsync(server, ["bench", "--key", key, "--count", "20", "-c", "4", "--spend", "-o", "json", .. Order])).Expect(ExitCode.Done).Json;

        Assert.Equal((50, 50), (peeked["decisions"]!.GetValue<int>(), peeked["reasons"]!["ALLOWED"]!.GetValue<int>()));
        Assert.Equal((3, 17), (spent["reasons"]!["ALLOWED"]!.GetValue<int>(), spent["reasons"]!["RATE_LIMITED"]!.GetValue<int>()));
        Assert.True(spent["p50_ms"]!.GetValue<double>() <= spent["p999_ms"]!.GetValue<double>());
    }

    [Fact]
    public async Task Bench_interrupted_tells_what_it_has_measured()
    {
        string key = await KeyAsync();
        using var process = ToolProcess.Start(server, ["bench", "--key", key, "--seconds", "200", "-c", "2", .. Order]);
        process.StandardInput.Close();
        Assert.Contains("Ctrl+C", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ToolProcess.InterruptAsync(process);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((int)ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("decisions", output, StringComparison.Ordinal);
    }

    private static string Flat(ToolRun run) => string.Join(' ', run.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<string> KeyAsync() => (await Tool.RunAsync(server, "key", "create", "--policy", "tour", "--org", "demo", "--quiet")).Expect(ExitCode.Done).Out.Trim();
}
