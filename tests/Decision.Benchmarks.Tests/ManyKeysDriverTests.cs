using System.Net;
using System.Net.Sockets;
using System.Text;
using Decision.Benchmarks.Load;
using Decision.Benchmarks.Load.Driving;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Tests;

public sealed class ManyKeysDriverTests
{
    private static readonly Way Bare = new("bare", "bare") { IsAllowed = null, Keys = new KeyChoice(3, KeyChoiceKind.Uniform) };
    private static readonly Calls Calls = new(3, 4, 1);

    private readonly ManyKeysDriver _driver = new(LoadWorld.Message, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 3).Select(SeededKeys.TokenOf))));

    [Fact]
    public async Task Drive_times_each_call()
    {
        await using var bare = await BareProcess.StartAsync();
        var timings = await _driver.DriveAsync(Bare, [bare.Grpc], Calls, 1_000, pace: null, CancellationToken.None);
        Assert.Equal(1_000, timings.Microseconds.Length);
        Assert.True(timings.Microseconds[0] > 0);
        Assert.InRange(timings.PerSecond, 1, 1e6);
    }

    [Fact]
    public async Task Drive_at_a_pace_takes_as_long_as_that_takes()
    {
        await using var bare = await BareProcess.StartAsync();
        var timings = await _driver.DriveAsync(Bare, [bare.Grpc], Calls, 500, pace: 1_000, CancellationToken.None);
        Assert.Equal(500, timings.Microseconds.Length);
        // The last one is due after 499 ms.
        Assert.InRange(timings.PerSecond, 1, 1_003);
    }

    [Fact]
    public async Task Drive_at_a_pace_ends_where_nothing_is_answered()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using CancellationTokenSource over = new();
        Task holding = HoldAsync(silent, over.Token);
        ManyKeysDriver driver = new(LoadWorld.Message, Encoding.ASCII.GetBytes(SeededKeys.TokenOf(0))) { Patience = TimeSpan.FromMilliseconds(50) };
        var one = Bare with { Keys = new KeyChoice(1, KeyChoiceKind.Each) };

        var error = await Assert.ThrowsAsync<MeasureException>(
            () => driver.DriveAsync(one, [$"{silent.LocalEndpoint}"], new Calls(1, 1, 1), 2_000, pace: 1e6, CancellationToken.None));

        Assert.Contains("does not keep up", error.Message, StringComparison.Ordinal);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);
    }

    [Fact]
    public async Task Drive_at_a_pace_waits_for_room_and_counts_that()
    {
        await using var bare = await BareProcess.StartAsync();
        var timings = await _driver.DriveAsync(Bare, [bare.Grpc], new Calls(1, 1, 1), 5_000, pace: 1e7, CancellationToken.None);
        Assert.Equal(5_000, timings.Microseconds.Length);

        // All are due within half a millisecond; no server answers so many so soon.
        Assert.True(timings.Microseconds[^1] > 500);
    }

    [Fact]
    public async Task Drive_a_call_that_fails_is_told()
    {
        await using var bare = await BareProcess.StartAsync();
        var unknown = Bare with { Path = "decision.v1.AuthorizeService/Nothing" };
        var error = await Assert.ThrowsAsync<MeasureException>(() => _driver.DriveAsync(unknown, [bare.Grpc], Calls, 30, pace: null, CancellationToken.None));
        Assert.Contains("10 calls were answered with 0 messages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_counts_the_bytes_that_a_server_allocates()
    {
        await using var bare = await BareProcess.StartAsync();
        var counters = bare.Counters();
        var before = await counters.ReadAsync(CancellationToken.None);
        await _driver.DriveAsync(Bare, [bare.Grpc], Calls, 1_000, pace: null, CancellationToken.None);
        var counts = await counters.ReadAsync(CancellationToken.None) - before;
        Assert.InRange(counts.Bytes, 100_000, 100_000_000);
        Assert.Equal(0, counts.Allowed + counts.Refused + counts.Degraded);
    }

    // Says what it allows, as HTTP/2 begins, and no more.
    private static async Task HoldAsync(TcpListener listener, CancellationToken cancellation)
    {
        using Socket socket = await listener.AcceptSocketAsync(cancellation);
        await socket.SendAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, cancellation);
        byte[] received = new byte[64 << 10];
        while (true)
        {
            await socket.ReceiveAsync(received, cancellation);
        }
    }
}
