using Decision.Server.Hosting;
using Decision.Server.Tests.TykApi;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Server.Tests.Hosting;

public sealed class WarmUpTransportTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoggedLines _lines = new();
    private readonly ILoggerFactory _logging;
    private readonly WarmUpTransport _transport;

    public WarmUpTransportTests()
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        _transport = new WarmUpTransport(_time, _logging.CreateLogger<WarmUpTransport>());
    }

    public void Dispose()
    {
        _logging.Dispose();
        _lines.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_that_closes_the_call_starts_cold_and_says_so(bool failing)
    {
        var connection = await BeginAsync();
        await connection.Transport.Output.CompleteAsync(failing ? new ConnectionAbortedException() : null);

        await using var after = await _transport.BindAsync(WarmUpEndPoint.End);

        Assert.Contains("did not answer its own first call", Assert.Single(_lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_does_not_answer_the_call_starts_after_5_seconds_and_the_connection_is_closed()
    {
        var connection = await BeginAsync();
        var bound = _transport.BindAsync(WarmUpEndPoint.End);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(bound.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));
        await using var after = await bound;

        Assert.Contains("did not answer its own first call", Assert.Single(_lines.Lines), StringComparison.Ordinal);
        var read = await connection.Transport.Input.ReadAsync();
        while (!read.IsCompleted)
        {
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            read = await connection.Transport.Input.ReadAsync();
        }
    }

    private async Task<ConnectionContext> BeginAsync()
    {
        var listener = await _transport.BindAsync(WarmUpEndPoint.Begin);
        return (await listener.AcceptAsync())!;
    }
}
