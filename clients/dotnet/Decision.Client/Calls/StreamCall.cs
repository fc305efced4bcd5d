using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Decision.Client.Mapping;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Client.Calls;

/// <summary>
/// One call of AuthorizeStream, from its opening to its end. Requests are named anew on it, so that none is taken for another; the caller's own
/// id stays readable in the name, for logs and traces.
/// </summary>
internal sealed class StreamCall : IDisposable
{
    private readonly Channel<StreamRequest> _requests = Channel.CreateUnbounded<StreamRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, StreamRequest> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _cancel = new();
    private readonly CallOptions _options;
    private readonly Action<StreamCall> _onOver;
    private volatile RpcException? _ended;
    private long _names;

    /// <param name="onOver">Called when no more requests can go on it.</param>
    public StreamCall(ServiceEndpoint endpoint, Metadata metadata, long openedAt, Action<StreamCall> onOver)
    {
        (Endpoint, OpenedAt, _onOver) = (endpoint, openedAt, onOver);
        _options = new CallOptions(metadata, cancellationToken: _cancel.Token);

        // Without the context of who happens to ask first: the call is no part of that one's trace.
        ThreadPool.UnsafeQueueUserWorkItem(static call => _ = call.RunAsync(), this, preferLocal: false);
    }

    public ServiceEndpoint Endpoint { get; }

    /// <summary>A timestamp of the client's clock.</summary>
    public long OpenedAt { get; }

    /// <summary>Asks; null = no more requests go on this call, and this one did not.</summary>
    /// <exception cref="StreamException">There is no answer: the call ended, or the time did.</exception>
    public async Task<AuthorizeResponse?> AskAsync(AuthorizationRequest request, TimeSpan within, CancellationToken cancellation)
    {
        var wire = RequestMapping.ToWire(request);
        string name = Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture);
        wire.RequestId = wire.RequestId.Length == 0 ? name : $"{name}:{wire.RequestId}";
        var asked = new StreamRequest(wire);
        _waiting[asked.Name] = asked;
        try
        {
            if (!_requests.Writer.TryWrite(asked))
            {
                return _ended is { } ended ? throw new StreamException(ended, isWritten: false) : null;
            }

            return await asked.Answer.WaitAsync(within > TimeSpan.Zero ? within : TimeSpan.Zero, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var late = new Status(StatusCode.DeadlineExceeded, "the deadline passed without an answer on the stream");
            throw new StreamException(new RpcException(late), isWritten: asked.GiveUp());
        }
        finally
        {
            asked.GiveUp();
            _waiting.TryRemove(asked.Name, out _);
        }
    }

    /// <summary>No more requests; those that wait get their answers.</summary>
    public void Finish() => _requests.Writer.TryComplete();

    /// <summary>Ends it at once.</summary>
    public void Dispose()
    {
        Finish();
        _cancel.Cancel();
        _cancel.Dispose();
    }

    private async Task RunAsync()
    {
        var ended = new RpcException(new Status(StatusCode.Unavailable, "the stream ended without an answer"));
        try
        {
            using var call = Endpoint.Client.AuthorizeStream(_options);
            _ = WriteAsync(call.RequestStream);
            await ReadAsync(call.ResponseStream).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            ended = exception;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            ended = new RpcException(new Status(StatusCode.Cancelled, "the client was disposed", exception));
        }

        // In this order: a request is either found among those that wait, or finds that no more are taken, and why.
        _ended = ended;
        _onOver(this);
        foreach (var request in _waiting.Values)
        {
            request.Ended(ended);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<AuthorizeStreamResponse> answers)
    {
        while (await answers.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            if (_waiting.TryGetValue(answers.Current.RequestId, out var request))
            {
                // One without a verdict is a denial, as an empty verdict is.
                request.Answered(answers.Current.Response ?? new AuthorizeResponse());
            }
        }
    }

    private async Task WriteAsync(IClientStreamWriter<AuthorizeStreamRequest> requests)
    {
        try
        {
            await foreach (var request in _requests.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                if (request.TryBegin())
                {
                    await requests.WriteAsync(request.Message).ConfigureAwait(false);
                }
            }

            await requests.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The call has ended. Who reads its answers learns why.
        }
    }
}
