using System.Net;
using System.Net.Sockets;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Run_a_program_that_fails_tells_its_status_and_words()
    {
        var error = await Assert.ThrowsAsync<MeasureException>(() => ChildProcess.RunAsync("sh", ["-c", "echo why >&2; exit 3"], CancellationToken.None));
        Assert.Equal("sh failed with status 3.\nwhy\n", error.Message);
    }

    [Fact]
    public async Task Run_adds_to_the_time_of_ended_processes()
    {
        var before = CpuOfChildren.Now;
        await ChildProcess.RunAsync("sh", ["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"], CancellationToken.None);
        Assert.True(CpuOfChildren.Now - before > TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task Listens_a_process_that_ended_is_told_with_its_words()
    {
        await using var process = ChildProcess.Start("shell", "sh", "-c", "echo why");
        var error = await Assert.ThrowsAsync<MeasureException>(() => process.ListensAsync(BareProcess.FreePort(), CancellationToken.None));
        Assert.StartsWith("shell ended.", error.Message);
    }

    [Fact]
    public async Task Dispose_ends_the_process()
    {
        var process = ChildProcess.Start("sleep", "sleep", "1000");
        await process.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.FromResult(process.Cpu));
    }

    [Fact]
    public async Task Next_port_that_is_taken_names_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<MeasureException>(() => new Ports(port).NextAsync(CancellationToken.None));
        Assert.Equal($"Port {port} is in use; set BASE_PORT.", error.Message);
    }
}
