using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Decision.Server.Hosting.Connections;

/// <summary>
/// A connection of gRPC that ends without losing a call (docs/decisions/0023): the client is asked to go away while all it sends is still answered; what
/// is still open after a while is closed by Kestrel, once no call runs; and then the socket stays open until the client has read to the end.
/// </summary>
internal sealed class GracefulConnection : IDuplexPipe, IAsyncDisposable
{
    // What was sent before the client read that it is to go away arrives within it, also when one of the two was held up for a while.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10);

    // How long a client may take to close a connection that the server has ended. Those that read it do at once.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly ConnectionContext _connection;
    private readonly IDuplexPipe _transport;
    private readonly LingeringReader _input;
    private readonly GoAwayWriter _output;
    private readonly ITimer? _timer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAsked;

    /// <summary>Stands between the transport and Kestrel.</summary>
    /// <param name="connection">The connection, with frames of HTTP/2 in the clear.</param>
    /// <param name="age">After which the client is asked to go away; zero = never.</param>
    /// <param name="time">The clock of ages.</param>
    public GracefulConnection(ConnectionContext connection, TimeSpan age, TimeProvider time)
    {
        _connection = connection;
        _transport = connection.Transport;
        _input = new LingeringReader(_transport.Input);
        _output = new GoAwayWriter(_transport.Output, Asked);
        connection.Transport = this;
        if (age > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(static self => ((GracefulConnection)self!).Elapsed(), this, age, Timeout.InfiniteTimeSpan);
        }
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Completes when the connection has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks the client to go away before the next answer that it gets.</summary>
    public void AskToLeave() => _output.AskBeforeNextFrame();

    /// <summary>After the server's last word: until the client has closed the connection, or for a while.</summary>
    public async Task LingerAsync()
    {
        // How long clients take is real time, whatever the clock of ages says.
        using var patience = new CancellationTokenSource(Linger, TimeProvider.System);
        await _input.ReadToEndAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _connection.Transport = _transport;
        await _transport.Output.CompleteAsync();
        await _transport.Input.CompleteAsync();
        _ended.TrySetResult();
    }

    private void Asked()
    {
        _isAsked = true;
        _timer?.Change(Notice, Timeout.InfiniteTimeSpan);
    }

    private void Elapsed()
    {
        if (_isAsked)
        {
            _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            AskToLeave();
        }
    }
}
