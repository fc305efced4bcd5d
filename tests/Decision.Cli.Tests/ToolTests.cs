using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
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
    [InlineData("polcy list", "There is no command 'decisionctl polcy'. Did you mean policy?\nSee decisionctl --help\n")]
    [InlineData("key creat", "There is no command 'decisionctl key creat'. Did you mean create?\nSee decisionctl key --help\n")]
    [InlineData("completion tcsh", "There is no command 'decisionctl completion tcsh'.\nSee decisionctl completion --help\n")]
    [InlineData("policy list --ouput=json", "There is no option '--ouput=json' here. Did you mean --output?\nSee decisionctl policy list --help\n")]
    [InlineData("policy list --orgg acme", "There is no option '--orgg' here. Did you mean --org?\nUnrecognized command or argument 'acme'.\nSee decisionctl policy list --help\n")]
    public async Task Run_slip_is_wrong_use_and_says_what_was_meant(string line, string expected) =>
        Assert.Equal(expected, (await new Tool().RunAsync(line.Split(' '))).Expect(ExitCode.WrongUse).Error);

    [Fact]
    public async Task Run_wrong_use_is_told_to_programs_as_other_failures_are()
    {
        var run = (await new Tool().RunAsync("policy", "list", "--orgg", "acme", "--output", "json")).Expect(ExitCode.WrongUse);

        var error = JsonNode.Parse(run.Error)!["error"]!;
        Assert.Equal("WRONG_USE", (string?)error["reason"]);
        Assert.Contains("Did you mean --org?", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_address_of_another_protocol_says_which_to_write()
    {
        var http = (await new Tool().RunAsync("policy", "list", "--address", server.HttpAddress)).Expect(ExitCode.ServiceFailed);
        var tls = (await new Tool().RunAsync("policy", "list", "--address", server.Address.Replace("http://", "https://", StringComparison.Ordinal))).Expect(ExitCode.ServiceFailed);

        Assert.Contains("HTTP/1.1: name the one for gRPC", http.Error, StringComparison.Ordinal);
        Assert.Contains("write http://", tls.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_address_that_ends_the_connection_says_which_to_write(bool isAbrupt)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource over = new();
        Task ending = Task.Run(async () =>
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(over.Token);
                if (isAbrupt)
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                else
                {
                    // What was not read would make it abrupt too.
                    await socket.ReceiveAsync(new byte[16_384], over.Token);
                    socket.Shutdown(SocketShutdown.Send);
                    while (await socket.ReceiveAsync(new byte[16_384], over.Token) > 0)
                    {
                        // Until the client has ended it as well.
                    }
                }
            }
        });

        var run = (await new Tool().RunAsync("policy", "list", "--address", $"http://{listener.LocalEndpoint}")).Expect(ExitCode.ServiceFailed);

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
        Assert.Contains("name the one for gRPC", run.Error, StringComparison.Ordinal);
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
        Assert.Contains("admin-secret in the server's data folder", run.Error, StringComparison.Ordinal);
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
