using Decision.Client.Calls;
using Grpc.Core;

namespace Decision.Client.Admin;

/// <summary>
/// A call with many answers. It goes to another address only where the first certainly did not get it, and throws this package's exceptions in place
/// of gRPC's.
/// </summary>
internal sealed class AdminStream<TResponse> : IAsyncStreamReader<TResponse>, IDisposable
    where TResponse : class
{
    private readonly ServiceCalls _calls;
    private readonly Func<ServiceEndpoint, AsyncServerStreamingCall<TResponse>> _start;
    private readonly CancellationToken _ofCaller;
    private AsyncServerStreamingCall<TResponse>? _call;
    private ServiceEndpoint? _endpoint;
    private volatile bool _isDisposed;

    public AdminStream(ServiceCalls calls, Func<ServiceEndpoint, AsyncServerStreamingCall<TResponse>> start, CancellationToken ofCaller)
    {
        (_calls, _start, _ofCaller) = (calls, start, ofCaller);
        Headers = BeginAsync();
    }

    /// <summary>Completes when the service has begun.</summary>
    public Task<Metadata> Headers { get; }

    public TResponse Current => _call?.ResponseStream.Current ?? throw new InvalidOperationException("Nothing was read yet.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        await Headers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _call!.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unavailable(Failure(exception) with { IsCertainlyUnsent = false });
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _call?.Dispose();
    }

    private static DecisionUnavailableException Unavailable(CallFailure failure) => new(new ServiceFailure(failure.Kind, failure.Detail, !failure.IsCertainlyUnsent));

    private async Task<Metadata> BeginAsync()
    {
        uint tried = 0;
        var failure = default(CallFailure);
        _calls.RequireOpen();
        _ofCaller.ThrowIfCancellationRequested();
        while (_calls.Rotation.Next(ref tried) is { } endpoint)
        {
            (_endpoint, _call) = (endpoint, _start(endpoint));
            try
            {
                var headers = await _call.ResponseHeadersAsync.ConfigureAwait(false);
                endpoint.Report.Answered();
                return headers;
            }
            catch (RpcException exception)
            {
                failure = Failure(exception);
                if (!failure.IsCertainlyUnsent)
                {
                    break;
                }

                _call.Dispose();
            }
        }

        throw Unavailable(failure);
    }

    // What it means that the call failed; throws what the service refuses, and where the caller gave up.
    private CallFailure Failure(RpcException exception)
    {
        _ofCaller.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (AdminRefusal.Of(exception) is { } refused)
        {
            _endpoint!.Report.Answered();
            throw refused;
        }

        var failure = CallFailure.Of(exception);
        _calls.Failed(_endpoint!, in failure);
        return failure;
    }
}
