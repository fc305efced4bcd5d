using Decision.Client.Calls;
using Decision.Client.Mapping;
using Decision.Client.Memory;
using Decision.Client.Options;
using Decision.Contracts.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Client;

/// <summary>
/// Asks the service over gRPC. One of it serves a whole program, from any number of threads. Each request is put to one address; to another
/// one only where the first certainly did not get it, so that nothing is spent twice.
/// </summary>
public sealed class DecisionClient : IDecisionClient, IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);

    private readonly ServiceCalls _calls;
    private readonly DenialMemory _memory;
    private readonly FailureMode _failureMode;
    private readonly TimeSpan _deadline;
    private readonly TimeSpan _batchDeadline;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>Makes a client. It connects with its first call, or with <see cref="ConnectAsync"/>.</summary>
    /// <param name="options">The settings; later changes of them have no effect.</param>
    /// <param name="time">The clock of the memory of denials; null = the system's.</param>
    /// <param name="log">Where to tell of an address that fails; null = nowhere.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Options are wrong; each is named, with what to write.</exception>
    public DecisionClient(DecisionClientOptions options, TimeProvider? time = null, ILogger<DecisionClient>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ClientOptionsRules.Require(options);
        _time = time ?? TimeProvider.System;
        _log = log ?? NullLogger<DecisionClient>.Instance;
        (_failureMode, _deadline, _batchDeadline) = (options.FailureMode, options.Deadline, options.BatchDeadline);
        if (_failureMode == FailureMode.Open)
        {
            ClientLog.OpenFailureMode(_log);
        }

        _memory = new DenialMemory(options.DenialMemoryCapacity, _time);
        _calls = new ServiceCalls(options, _time, _log, typeof(DecisionClient));
    }

    internal int RememberedDenials => _memory.Count;

    /// <inheritdoc/>
    public Task<Verdict> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken = default) =>
        DecideAsync(null, request, cancellationToken);

    /// <inheritdoc/>
    public IAuthorizationStream OpenStream() => new AuthorizationStream(this, new DecisionStream(_calls, _time));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Verdict>> AuthorizeBatchAsync(
        IReadOnlyList<AuthorizationRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        RequestRules.Require(requests);
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(requests.Select(RequestMapping.ToWire));
        var (response, failure) = await _calls.CallAsync(
            static (endpoint, asked, options) => endpoint.Client.AuthorizeBatchAsync(asked, options), batch, _batchDeadline, CallFailure.Mistake, cancellationToken).ConfigureAwait(false);
        if (response is not null && response.Responses.Count != batch.Requests.Count)
        {
            failure = new ServiceFailure(
                ServiceFailureKind.Error, $"It answered {response.Responses.Count} of {batch.Requests.Count} requests.", MayHaveSpent: true);
        }

        var verdicts = new Verdict[requests.Count];
        for (int index = 0; index < verdicts.Length; index++)
        {
            verdicts[index] = failure is null ? VerdictMapping.ToVerdict(response!.Responses[index]) : OfFailure(failure);
            ClientMetrics.Count(verdicts[index]);
        }

        return verdicts;
    }

    /// <summary>
    /// Connects to every address and spends nothing, so that the first decision does not have to within its deadline. Waits 2 seconds at most.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many addresses answered. An address that does not is tried again by itself.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<int> ConnectAsync(CancellationToken cancellationToken = default)
    {
        CodeWarmUp.Run(_memory);
        return _calls.ConnectAsync(ConnectWithin, cancellationToken);
    }

    /// <summary>Closes the connections. Calls that are under way fail.</summary>
    public void Dispose() => _calls.Dispose();

    /// <summary>Asks on a stream; null = by a call of its own.</summary>
    internal Task<Verdict> DecideAsync(DecisionStream? stream, AuthorizationRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestRules.Require(request);
        if (!_memory.Covers(request))
        {
            return AskAsync(stream, request, cancellation);
        }

        var fingerprint = _memory.Fingerprint(request);
        if (_memory.Find(in fingerprint) is { } remembered)
        {
            cancellation.ThrowIfCancellationRequested();
            ClientMetrics.Count(remembered);
            return Task.FromResult(remembered);
        }

        return AskAndRememberAsync(stream, request, fingerprint, cancellation);
    }

    private async Task<Verdict> AskAndRememberAsync(
        DecisionStream? stream, AuthorizationRequest request, RequestFingerprint fingerprint, CancellationToken cancellation)
    {
        long askedAt = _time.GetTimestamp();
        var verdict = await AskAsync(stream, request, cancellation).ConfigureAwait(false);
        _memory.Remember(in fingerprint, verdict, askedAt);
        return verdict;
    }

    private async Task<Verdict> AskAsync(DecisionStream? stream, AuthorizationRequest request, CancellationToken cancellation)
    {
        var asking = stream?.AskAsync(request, _deadline, cancellation) ?? _calls.CallAsync(
            static (endpoint, asked, options) => endpoint.Client.AuthorizeAsync(asked, options),
            RequestMapping.ToWire(request),
            _deadline,
            CallFailure.Mistake,
            cancellation);
        var (response, failure) = await asking.ConfigureAwait(false);
        var verdict = failure is null ? VerdictMapping.ToVerdict(response!) : OfFailure(failure);
        ClientMetrics.Count(verdict);
        return verdict;
    }

    private Verdict OfFailure(ServiceFailure failure)
    {
        ClientLog.FailureModeAnswered(_log, _failureMode, failure.Detail);
        return VerdictMapping.OfFailure(_failureMode, failure);
    }
}
