using System.Globalization;

namespace Decision.Server.Tests.Packaging;

/// <summary>The image's health check, against the real server.</summary>
public class HealthCheckTests
{
    [Fact]
    public async Task Ready_server_is_healthy()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(0, (await CheckAsync(server.Listeners.Http!.Port)).Code);
    }

    [Fact]
    public async Task Draining_server_is_not_healthy()
    {
        await using var server = await RunningServer.StartAsync(["Server:DrainDelay=1m"]);
        int port = server.Listeners.Http!.Port;
        var stopping = server.StopAsync();

        int code = (await CheckAsync(port)).Code;
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await stopping;

        Assert.Equal(1, code);
    }

    [Fact]
    public async Task Server_that_is_not_there_is_not_healthy() => Assert.Equal(1, (await CheckAsync(1)).Code);

    private static Task<ProgramRun> CheckAsync(int port) =>
        ProgramRun.OfAsync(DeployFiles.PathOf("healthcheck.sh"), ["127.0.0.1", port.ToString(CultureInfo.InvariantCulture)]);
}
