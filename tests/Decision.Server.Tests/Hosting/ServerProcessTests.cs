using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>The built server as a process: exit codes, signals and what outlives it.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private static readonly string[] FreePorts = ["--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help", "--config FILE")]
    [InlineData("--version", "0.1.0")]
    public async Task Question_is_answered_with_exit_code_0(string question, string expected)
    {
        await using var server = ServerProcess.Start(_folder.Path, question);

        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains(expected, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_all_named_with_exit_code_2()
    {
        string file = _folder.Write("settings.json", """{ "Server": { "Grcp": "127.0.0.1:0" }, "Limits": { "Mode": "loose" } }""");
        await using var server = ServerProcess.Start(_folder.Path, "--config", file);

        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains("Did you mean 'Server:Grpc'?", server.Output, StringComparison.Ordinal);
        Assert.Contains("Limits:Mode is 'loose'", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "data")));
    }

    [Fact]
    public async Task Address_in_use_is_said_in_a_sentence_with_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = taken.LocalEndpoint.ToString()!;
        await using var server = ServerProcess.Start(
            _folder.Path, $"--Server:Grpc={address}", "--Server:Http=none", $"--Data:Path={_folder.Path}", "--Storage:Path=:memory:");

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains($"The server cannot start: Failed to bind to address http://{address}: address already in use.", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_that_is_none_is_said_in_a_sentence_with_exit_code_1()
    {
        string file = _folder.Write("decision.db", new string('x', 200));
        await using var server = ServerProcess.Start(_folder.Path, [.. FreePorts, $"--Data:Path={_folder.Path}"]);

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains($"The file {file} is not a database of this server.", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.Equal(new string('x', 200), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Terminated_server_ends_with_0_and_keeps_keys_and_counters()
    {
        string key = await SeedAsync();
        long left;
        await using (var server = ServerProcess.Start(_folder.Path, Arguments()))
        {
            left = await AuthorizeAsync(await server.ReadyAsync(), key);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync());
        }

        await using var next = ServerProcess.Start(_folder.Path, Arguments());
        long leftNext = await AuthorizeAsync(await next.ReadyAsync(), key);

        Assert.Equal((2, 1), (left, leftNext));
    }

    [Fact]
    public async Task Killed_server_keeps_keys_and_its_secret()
    {
        string key = await SeedAsync();
        string secret;
        await using (var server = ServerProcess.Start(_folder.Path, Arguments()))
        {
            await AuthorizeAsync(await server.ReadyAsync(), key);
            secret = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "admin-secret"));
            Assert.Contains("admin-secret", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(secret.Trim(), server.Output, StringComparison.Ordinal);
        }

        await using var next = ServerProcess.Start(_folder.Path, Arguments());
        string address = await next.ReadyAsync();
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var explained = await new AuthorizeService.AuthorizeServiceClient(channel).ExplainAsync(
            new ExplainRequest { Request = Samples.Ask(key) }, new Metadata { { "authorization", "Bearer " + secret.Trim() } });

        Assert.Equal("acme", explained.Response.OrganizationId);
    }

    // Not of native code, which has nothing to compile: eng/test-published.sh leaves it out.
    [Fact]
    public async Task Server_that_compiles_while_it_runs_answers_itself_before_it_is_ready()
    {
        await using var server = ServerProcess.Start(_folder.Path, [.. Arguments(), "--Logging:LogLevel:Default=Debug"]);
        await server.ReadyAsync();

        int warm = server.Output.IndexOf("Warmed up: a call through the server was answered", StringComparison.Ordinal);
        int ready = server.Output.IndexOf("is ready:", StringComparison.Ordinal);
        Assert.InRange(warm, 0, ready);
    }

    [Fact]
    public async Task Warm_up_leaves_no_address_no_count_and_no_connection_behind()
    {
        await using var server = ServerProcess.Start(_folder.Path, Arguments());
        using var http = new HttpClient { BaseAddress = new Uri($"http://{await server.ReadyHttpAsync()}") };
        string metrics = await http.GetStringAsync("/metrics");
        http.Dispose();
        server.Terminate();

        Assert.Equal(0, await server.ExitAsync());
        Assert.DoesNotContain("warm-up", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(metrics.Split('\n'), line => line.StartsWith("decision_duration_seconds_count", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demo_prints_addresses_the_secret_s_place_and_commands()
    {
        await using var server = ServerProcess.Start(
            _folder.Path, ["--demo", .. FreePorts, $"--Data:Path={_folder.Path}", "--Storage:Path=:memory:"]);
        string address = await server.ReadyAsync();
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync());

        string[] expected =
        [
            address,
            Path.Combine(_folder.Path, "admin-secret"),
            Path.Combine(_folder.Path, "demo", "policies.json"),
            "default, monthly-quota, read-orders, security, steady-rate, tour, trial",
            "retired (active: false)",
            $"export DECISION_ADDRESS=http://{address} DECISION_ADMIN_SECRET=\"$(cat {Path.Combine(_folder.Path, "admin-secret")})\"",
            "decisionctl key create --org demo --alias me --policy tour --quiet",
            "decisionctl authorize --api orders --path /orders/1",
            "/tyk/keys/create",
        ];
        Assert.All(expected, text => Assert.Contains(text, server.Output, StringComparison.Ordinal));
    }

    private string[] Arguments() => [.. FreePorts, $"--Data:Path={_folder.Path}"];

    private async Task<string> SeedAsync()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies, folder: _folder);
        return await server.CreateKeyAsync("small");
    }

    private static async Task<long> AuthorizeAsync(string address, string key)
    {
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var verdict = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask(key));
        Assert.True(verdict.Allowed, string.Create(CultureInfo.InvariantCulture, $"{verdict}"));
        return verdict.Limits.Single(limit => limit.Name == "quota").Remaining;
    }
}
