using Decision.Contracts.V1;

namespace Decision.Client.Calls;

/// <summary>
/// Decisions on one call at a time, which is opened anew where it ended: at another address only for what was certainly not sent.
/// </summary>
internal sealed class DecisionStream(ServiceCalls calls, TimeProvider time) : IDisposable
{
    // As connections are made anew from time to time, so that a name's new addresses are found.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private StreamCall? _current;
    private volatile bool _isDisposed;

    /// <summary>Asks; throws what a mistake of the caller's is.</summary>
    public async Task<CallOutcome<AuthorizeResponse>> AskAsync(AuthorizationRequest request, TimeSpan deadline, CancellationToken cancellation)
    {
        long askedAt = TimeProvider.System.GetTimestamp();
        uint tried = 0;
        var failure = default(CallFailure);
        while (Take(ref tried) is { } call)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var left = deadline - TimeProvider.System.GetElapsedTime(askedAt);
                if (await call.AskAsync(request, left, cancellation).ConfigureAwait(false) is { } response)
                {
                    call.Endpoint.Report.Answered();
                    return new CallOutcome<AuthorizeResponse>(response, null);
                }

                // Others left the call in between, and not because it failed: every address is as good as before.
                tried = 0;
                continue;
            }
            catch (StreamException exception)
            {
                if (exception.Mistake is { } mistake)
                {
                    call.Endpoint.Report.Answered();
                    throw mistake;
                }

                failure = exception.Failure;
                if (!exception.WasConnected)
                {
                    // Whoever opened the call: for this request, too, the address was tried.
                    calls.Rotation.MarkTried(call.Endpoint, ref tried);
                }
            }

            if (!_isDisposed)
            {
                calls.Failed(call.Endpoint, in failure);
            }

            if (failure.Kind == ServiceFailureKind.TimedOut && calls.Rotation.Count > 1)
            {
                Leave(call);
            }

            if (!failure.IsCertainlyUnsent || failure.Kind == ServiceFailureKind.TimedOut)
            {
                break;
            }
        }

        return new CallOutcome<AuthorizeResponse>(null, new ServiceFailure(failure.Kind, failure.Detail, !failure.IsCertainlyUnsent));
    }

    /// <summary>Ends it at once: requests that wait get the answer of the failure mode.</summary>
    public void Dispose()
    {
        StreamCall? call;
        lock (_lock)
        {
            _isDisposed = true;
            (call, _current) = (_current, null);
        }

        call?.Dispose();
    }

    /// <summary>The call that is open, else one to an address that was not tried; null = all were.</summary>
    private StreamCall? Take(ref uint tried)
    {
        lock (_lock)
        {
            calls.RequireOpen();
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IAuthorizationStream));
            if (_current is { } old && time.GetElapsedTime(old.OpenedAt) >= Lifetime)
            {
                _current = null;
                old.Finish();
            }

            if (_current is null && calls.Rotation.Next(ref tried) is { } endpoint)
            {
                _current = new StreamCall(endpoint, calls.Metadata, time.GetTimestamp(), Leave);
            }

            return _current;
        }
    }

    // Later requests go to another call; those that wait on this one get their answers.
    private void Leave(StreamCall call)
    {
        lock (_lock)
        {
            if (_current == call)
            {
                _current = null;
            }
        }

        call.Finish();
    }
}
