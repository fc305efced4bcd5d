using Decision.Client.Options;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Decision.Client.Calls;

/// <summary>
/// Puts a call to one address, and to another one only where the first certainly did not get it: a request that was sent may have been
/// spent, whatever came back.
/// </summary>
internal sealed class ServiceCalls : IDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly ServiceEndpoint[] _endpoints;
    private readonly TimeProvider _time;
    private readonly Type _owner;
    private readonly CancellationTokenSource _ended = new();
    private int _isDisposed;

    /// <param name="owner">Whose calls these are: what was disposed where one is made too late.</param>
    public ServiceCalls(DecisionClientOptions options, TimeProvider time, ILogger log, Type owner)
    {
        (_time, _owner) = (time, owner);
        _endpoints = [.. ServiceAddress.Parse(options.Address, out _)!.Select(address => new ServiceEndpoint(address, options, new EndpointReport(address.ToString(), time, log)))];
        Rotation = new EndpointRotation(_endpoints);
        if (options.Token is { } token)
        {
            Metadata.Add("authorization", "Bearer " + token);
        }

        foreach (var endpoint in _endpoints)
        {
            if (endpoint.Address.IsCleartext)
            {
                ClientLog.CleartextAddress(log, endpoint.Address.ToString());
            }
        }
    }

    public EndpointRotation Rotation { get; }

    /// <summary>What every call shows.</summary>
    public Metadata Metadata { get; } = [];

    /// <summary>The moment until which a call may last. gRPC measures it by the machine's clock, whatever clock the rest goes by.</summary>
    public static DateTime In(TimeSpan duration) => TimeProvider.System.GetUtcNow().UtcDateTime + duration;

    /// <summary>Calls; throws what <paramref name="mistake"/> takes for a mistake of the caller's.</summary>
    public async Task<CallOutcome<TResponse>> CallAsync<TRequest, TResponse>(
        Func<ServiceEndpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> start,
        TRequest request,
        TimeSpan deadline,
        Func<RpcException, DecisionException?> mistake,
        CancellationToken cancellation)
        where TResponse : class
    {
        RequireOpen();
        cancellation.ThrowIfCancellationRequested();
        var options = new CallOptions(Metadata, In(deadline), cancellation);
        uint tried = 0;
        var failure = default(CallFailure);
        while (Rotation.Next(ref tried) is { } endpoint)
        {
            try
            {
                using var call = start(endpoint, request, options);
                var response = await call.ResponseAsync.ConfigureAwait(false);
                endpoint.Report.Answered();
                return new CallOutcome<TResponse>(response, null);
            }
            catch (RpcException exception)
            {
                cancellation.ThrowIfCancellationRequested();
                if (mistake(exception) is { } refused)
                {
                    endpoint.Report.Answered();
                    throw refused;
                }

                failure = CallFailure.Of(exception);
                Failed(endpoint, in failure);
                if (!failure.IsCertainlyUnsent)
                {
                    break;
                }
            }
        }

        return new CallOutcome<TResponse>(null, new ServiceFailure(failure.Kind, failure.Detail, !failure.IsCertainlyUnsent));
    }

    /// <summary>Connects to every address; answers how many answered.</summary>
    public async Task<int> ConnectAsync(TimeSpan within, CancellationToken cancellation)
    {
        bool[] found = await Task.WhenAll(_endpoints.Select(endpoint => endpoint.IsThereAsync(within, Metadata, cancellation))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        for (int index = 0; index < found.Length; index++)
        {
            if (!found[index])
            {
                _endpoints[index].Report.Failed("it does not answer.");
                Pause(_endpoints[index]);
            }
        }

        return found.Count(isThere => isThere);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ended.Cancel();
            foreach (var endpoint in _endpoints)
            {
                endpoint.Dispose();
            }

            _ended.Dispose();
        }
    }

    /// <summary>Throws where the calls' owner was disposed.</summary>
    public void RequireOpen() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) == 1, _owner);

    /// <summary>Tells of an address that failed, and leaves it alone for a while where there are others.</summary>
    public void Failed(ServiceEndpoint endpoint, in CallFailure failure)
    {
        endpoint.Report.Failed(failure.Detail);
        if (failure.Kind != ServiceFailureKind.Error)
        {
            Pause(endpoint);
        }
    }

    // With one address there is no other to ask, and nothing to gain.
    private void Pause(ServiceEndpoint endpoint)
    {
        lock (endpoint)
        {
            if (Rotation.Count == 1 || endpoint.IsPaused || _ended.IsCancellationRequested)
            {
                return;
            }

            endpoint.IsPaused = true;
        }

        _ = ProbeAsync(endpoint, _ended.Token);
    }

    // Looks after an address that does not answer, so that no call has to find out.
    private async Task ProbeAsync(ServiceEndpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            do
            {
                await Task.Delay(ProbeInterval, _time, cancellation).ConfigureAwait(false);
            }
            while (!await endpoint.IsThereAsync(ProbeInterval, Metadata, cancellation).ConfigureAwait(false));

            endpoint.IsPaused = false;
            endpoint.Report.Answered();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The client has ended.
        }
    }
}
