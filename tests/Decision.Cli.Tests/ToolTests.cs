using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests;

/// <summary>What holds for every command: exit codes, streams, credentials.</summary>
public sealed class ToolTests(LiveServer server)
{
    [Fact]
    public async Task Run_list_as_process_prints_on_standard_output_without_colours()
    {
        var run = (await ToolProcess.RunAsync(server, "", "policy", "list")).Expect(ExitCode.Done);

        Assert.Contains("tour", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Run_without_command_shows_help_and_is_wrong_use()
    {
        var run = (await new Tool().RunAsync()).Expect(ExitCode.WrongUse);

        Assert.Contains("policy", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Run_unknown_option_names_it_and_the_help()
    {
        var run = (await new Tool().RunAsync("policy", "list", "--orgg", "acme")).Expect(ExitCode.WrongUse);

        Assert.Contains("--orgg", run.Error, StringComparison.Ordinal);
        Assert.Contains("decisionctl policy list --help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_service_not_there_is_service_failed_and_says_where_it_looked()
    {
        var run = (await new Tool().RunAsync("policy", "list", "--address", "http://127.0.0.1:1")).Expect(ExitCode.ServiceFailed);

        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Contains("--address", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("DECISION_ADDRESS", "ftp://127.0.0.1")]
    [InlineData("DECISION_TIMEOUT", "soon")]
    [InlineData("DECISION_TIMEOUT", "0s")]
    public async Task Run_variable_that_is_wrong_is_wrong_use_and_is_named(string variable, string value)
    {
        var run = (await new Tool { Environment = new Dictionary<string, string> { [variable] = value } }.RunAsync("policy", "list")).Expect(ExitCode.WrongUse);

        Assert.StartsWith(variable, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://somewhere")]
    [InlineData("http://127.0.0.1:50051/path")]
    [InlineData("not an address")]
    public async Task Run_address_malformed_is_wrong_use(string address)
    {
        var run = (await new Tool().RunAsync("policy", "list", "--address", address)).Expect(ExitCode.WrongUse);

        Assert.Contains(address, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_without_secret_is_refused_and_says_where_to_put_it()
    {
        var run = (await new Tool().RunAsync("policy", "list", "--address", server.Address)).Expect(ExitCode.Refused);

        Assert.Contains("DECISION_ADMIN_SECRET", run.Error, StringComparison.Ordinal);
        Assert.Contains("--secret-file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_secret_of_a_file_is_sent_instead_of_that_of_the_environment()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, LiveServer.Secret + "\n");
        var tool = new Tool { Server = server, Environment = new Dictionary<string, string> { ["DECISION_ADMIN_SECRET"] = "another" } };

        (await tool.RunAsync("policy", "list")).Expect(ExitCode.Refused);
        (await tool.RunAsync("policy", "list", "--secret-file", file)).Expect(ExitCode.Done);
        File.Delete(file);
    }

    [Fact]
    public async Task Run_not_found_as_json_tells_reason_on_the_error_stream()
    {
        var run = (await Tool.RunAsync(server, "policy", "get", "no-such", "--output", "json")).Expect(ExitCode.Refused);

        Assert.Empty(run.Out);
        Assert.Equal("NOT_FOUND", System.Text.Json.Nodes.JsonNode.Parse(run.Error)!["error"]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Run_malformed_request_tells_every_violation()
    {
        var run = (await Tool.RunAsync(server, "key", "create", "--policy", "no-such")).Expect(ExitCode.Refused);

        Assert.Contains("apply_policies", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void References_of_the_tool_are_the_contract_and_the_engine_alone() =>
        Assert.Equal(
            ["Decision.Contracts", "Decision.Engine"],
            typeof(DecisionCtl).Assembly.GetReferencedAssemblies().Select(one => one.Name!).Where(name => name.StartsWith("Decision.", StringComparison.Ordinal)).Order());

    [Fact]
    public async Task Run_list_on_a_narrow_terminal_keeps_every_row_on_one_line()
    {
        var run = (await new Tool { Server = server, Width = 40 }.RunAsync("policy", "list")).Expect(ExitCode.Done);

        Assert.Contains(run.Lines, line => line.StartsWith("monthly-quota", StringComparison.Ordinal) && line.EndsWith("Quota alone: how much", StringComparison.Ordinal));
    }
}
