using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Status;

/// <summary><c>decisionctl status</c> against a server.</summary>
public sealed class StatusCommandTests(LiveServer server)
{
    [Fact]
    public async Task Status_with_http_tells_health_parts_and_what_is_held()
    {
        var run = (await Tool.RunAsync(server, "status", "--http", server.HttpAddress, "-o", "json")).Expect(ExitCode.Done);

        Assert.Equal("SERVING", run.Json["health"]!.GetValue<string>());
        Assert.True(run.Json["policies_loaded"]!.GetValue<int>() >= 7);
        Assert.Contains("decision.v1.AuthorizeService", run.Json["services"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal("ready", run.Json["ready"]!["status"]!.GetValue<string>());
        Assert.Equal(run.Json["ready"]!["version"]!.GetValue<string>(), run.Json["version"]!.GetValue<string>());
        Assert.Contains("switched off", (await Tool.RunAsync(server, "status")).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_without_secret_still_tells_that_it_serves()
    {
        var run = (await new Tool().RunAsync("status", "--address", server.Address)).Expect(ExitCode.Done);

        Assert.Contains("SERVING", run.Out, StringComparison.Ordinal);
        Assert.Contains(run.Lines, line => line.StartsWith("version ", StringComparison.Ordinal));
        Assert.Contains("administration", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task Status_where_http_does_not_answer_is_service_failed(string http) =>
        Assert.Contains("healthz/ready", (await Tool.RunAsync(server, "status", "--http", http)).Expect(ExitCode.ServiceFailed).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Status_of_what_is_no_grpc_service_is_service_failed() =>
        (await Tool.RunAsync(server, "status", "--address", server.HttpAddress)).Expect(ExitCode.ServiceFailed);

    [Fact]
    public async Task Status_in_less_time_than_possible_is_service_failed_and_names_the_option() =>
        Assert.Contains("--timeout", (await Tool.RunAsync(server, "status", "--timeout", "0.001ms")).Expect(ExitCode.ServiceFailed).Error, StringComparison.Ordinal);
}
