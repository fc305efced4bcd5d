using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Paths;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Keys;
using Decision.Runtime.Metrics;
using Decision.Runtime.Observation;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Decisions;

/// <summary>
/// The one path of every decision, whichever way it came in: key, grant, <see cref="DecisionEngine.Admit"/>, spend,
/// <see cref="DecisionEngine.Conclude"/>, record. Where key and counters are in memory it runs to its end without waiting or allocating.
/// </summary>
public sealed partial class DecisionRuntime
{
    // A key that is written again and again must not keep a request waiting: then that is the answer.
    private const int MostAttempts = 3;

    // A change of a key whose push was lost bites within this time where leases are used.
    private static readonly TimeSpan MostLeasedAge = TimeSpan.FromSeconds(1);

    private static readonly VerdictReader<Verdict> Itself = static (in Verdict verdict) => verdict;

    private readonly Catalog _catalog;
    private readonly KeyDirectory _keys;
    private readonly ICounterStore _counters;
    private readonly bool _comparesKeys;
    private readonly StandIn _standIn;
    private readonly TimeProvider _time;
    private readonly DecisionMetrics _metrics;
    private readonly DecisionWatch? _watch;
    private readonly ILogger<DecisionRuntime> _log;
    private readonly StoreFailures _counterFailures;
    private readonly StoreFailures _keyFailures;

    internal DecisionRuntime(
        Catalog catalog,
        KeyDirectory keys,
        ICounterStore counters,
        StandIn standIn,
        TimeProvider time,
        DecisionMetrics metrics,
        DecisionWatch? watch,
        ILogger<DecisionRuntime> log)
    {
        _catalog = catalog;
        _keys = keys;
        _counters = counters;
        _comparesKeys = counters.ComparesKeys;
        _standIn = standIn;
        _time = time;
        _metrics = metrics;
        _watch = watch;
        _log = log;
        _counterFailures = new StoreFailures(
            time,
            (exception, unsaid) => DecisionLog.CounterStoreFailed(log, exception.Message, unsaid),
            failed => DecisionLog.CounterStoreAnswers(log, failed));
        _keyFailures = new StoreFailures(
            time,
            (exception, unsaid) => DecisionLog.KeyStoreFailed(log, exception.Message, unsaid),
            failed => DecisionLog.KeyStoreAnswers(log, failed));
    }

    /// <summary>Whether a decision may wait for a store that is elsewhere.</summary>
    public bool MayWait => _comparesKeys;

    /// <summary>Decides.</summary>
    /// <exception cref="CallException">The call itself is wrong.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before anything was spent.</exception>
    public ValueTask<Verdict> DecideAsync(in DecisionCall call, CancellationToken cancellation) => DecideAsync(in call, Itself, cancellation);

    /// <summary>Decides, and reads the verdict where it was made: it is a large value, and to keep it for somebody who awaits it costs more than most readings.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="read">Makes of the verdict what is wanted.</param>
    /// <param name="cancellation">That the caller gave up.</param>
    /// <typeparam name="T">What is wanted.</typeparam>
    /// <exception cref="CallException">The call itself is wrong.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before anything was spent.</exception>
    public ValueTask<T> DecideAsync<T>(in DecisionCall call, VerdictReader<T> read, CancellationToken cancellation)
    {
        long startedAt = _time.GetTimestamp();
        long nowUs = _time.NowUs();
        cancellation.ThrowIfCancellationRequested();
        var attempt = new Attempt(call.Presented, nowUs, startedAt, Number: 1);
        bool isInMemory = _keys.TryFind(attempt.Presented, nowUs, out var found);
        if (attempt.Presented.Length > 0)
        {
            _metrics.LookedUp(isInMemory);
        }

        return isInMemory
            ? DecideAsync(in call, in attempt, in found, read, cancellation)
            : DecideSlowlyAsync(call, attempt, read, cancellation);
    }

    /// <summary>The registered API that a decision about this would be for; null = none. An adapter learns from it where the key is.</summary>
    /// <param name="apiId">The API; empty = found by host and path.</param>
    /// <param name="host">Host, as the client named it.</param>
    /// <param name="path">Path and query as received.</param>
    public ApiEntry? FindApi(string apiId, string? host, string path)
    {
        var rules = _catalog.Rules;
        if (apiId.Length > 0)
        {
            return rules.Apis.Find(apiId);
        }

        return RequestPath.TryNormalize(path.Length == 0 ? "/" : path, rules.Options.PathNormalization, out string canonical, out _)
            ? rules.Apis.Find(host, canonical)
            : null;
    }

    private async ValueTask<T> DecideSlowlyAsync<T>(DecisionCall call, Attempt attempt, VerdictReader<T> read, CancellationToken cancellation)
    {
        KeyFinding found;
        try
        {
            found = await _keys.FindAsync(attempt.Presented, attempt.NowUs, asksStore: false, cancellation).ConfigureAwait(false);
        }
        catch (StoreException exception)
        {
            // Counters can be stood in for, a key that nobody has seen cannot. What is decided before the key is looked at stays.
            _keyFailures.Failed(exception);
            bool wasUnread = _catalog.IsStoreUnread;
            var keyless = DecisionEngine.Admit(call.Request, _catalog.Rules, KeyPresence.Unknown, null, attempt.NowUs).Verdict;
            bool isKnown = keyless.Reason != Reason.KeyUnknown && !(wasUnread && NeedsStore(in keyless));
            return Record(in call, isKnown ? keyless : StandIn.Unavailable(in keyless), attempt.StartedAt, read);
        }

        if (!found.IsFromMemory)
        {
            _keyFailures.Answered();
        }

        // The look-up may have taken its time: who gave up meanwhile must not be charged.
        cancellation.ThrowIfCancellationRequested();
        return await DecideAsync(in call, in attempt, in found, read, cancellation).ConfigureAwait(false);
    }

    private ValueTask<T> DecideAsync<T>(
        in DecisionCall call, in Attempt attempt, in KeyFinding found, VerdictReader<T> read, CancellationToken cancellation)
    {
        bool isStoreUnread = _catalog.IsStoreUnread;
        var rules = _catalog.Rules;
        var request = ReferenceEquals(attempt.Presented, call.ApiKey) && IsSignature(attempt.Presented)
            ? call.Request with { Authorization = attempt.Presented }
            : call.Request;
        var admission = DecisionEngine.Admit(in request, rules, found.Presence, found.GrantUnder(rules), attempt.NowUs);
        if (call.IsAccessOnly)
        {
            admission = admission.WithCharges(default);
        }

        if (isStoreUnread && NeedsStore(in admission.Verdict))
        {
            return new ValueTask<T>(Record(in call, StandIn.Unavailable(in admission.Verdict), attempt.StartedAt, read));
        }

        if (admission.IsFinal && !MustConfirm(in found, in admission.Verdict))
        {
            return new ValueTask<T>(Record(in call, in admission.Verdict, attempt.StartedAt, read));
        }

        var spending = new Spending
        {
            Charges = admission.Charges,
            Cost = request.Units,
            IsPeek = call.IsPeek || admission.IsFinal,
            KeyId = found.Entry?.Record.Key.Id,
            KeyVersion = found.Entry?.Record.Version ?? 0,
            IsKeyConfirmed = found.Entry is { } known && known.AgeAt(_time, attempt.StartedAt) < MostLeasedAge,
            IdempotencyKey = string.IsNullOrEmpty(call.IdempotencyKey) || admission.IsFinal ? null : call.IdempotencyKey,
            RequestHash = string.IsNullOrEmpty(call.IdempotencyKey) || admission.IsFinal ? 0 : RequestHash.Of(in request),
        };
        ValueTask<SpendResult> spent;
        try
        {
            spent = _counters.SpendAsync(in spending, cancellation);
        }
        catch (StoreException exception)
        {
            return new ValueTask<T>(Replace(in call, in admission, in spending, found.Entry, attempt.StartedAt, read, exception));
        }

        if (!spent.IsCompletedSuccessfully)
        {
            return FinishSlowlyAsync(call, attempt, found.Entry, admission, spending, read, spent, cancellation);
        }

        var result = spent.Result;
        if (result.Status != SpendStatus.Done)
        {
            return FinishSlowlyAsync(call, attempt, found.Entry, admission, spending, read, new ValueTask<SpendResult>(result), cancellation);
        }

        if (!result.IsLeased)
        {
            _counterFailures.Answered();
            Confirm(found.Entry, in attempt);
        }

        return new ValueTask<T>(Record(in call, Conclusion.Of(in admission, in result), attempt.StartedAt, read));
    }

    private async ValueTask<T> FinishSlowlyAsync<T>(
        DecisionCall call,
        Attempt attempt,
        KeyEntry? entry,
        Admission admission,
        Spending spending,
        VerdictReader<T> read,
        ValueTask<SpendResult> spent,
        CancellationToken cancellation)
    {
        try
        {
            var result = await spent.ConfigureAwait(false);
            _counterFailures.Answered();
            switch (result.Status)
            {
                case SpendStatus.Done:
                    Confirm(entry, in attempt);
                    return Record(in call, Conclusion.Of(in admission, in result), attempt.StartedAt, read);
                case SpendStatus.IdempotencyConflict:
                    throw CallException.OfIdempotencyKey();
                case SpendStatus.KeyChanged when attempt.Number == MostAttempts:
                    DecisionLog.KeyKeptChanging(_log, entry!.Record.Key.Id, MostAttempts);
                    return Record(in call, StandIn.Unavailable(in admission.Verdict), attempt.StartedAt, read);
                default:
                    _keys.Records.Forget(entry!.Record.Key.Id);
                    return await DecideSlowlyAsync(call, attempt with { Number = attempt.Number + 1 }, read, cancellation).ConfigureAwait(false);
            }
        }
        catch (StoreException exception)
        {
            return Replace(in call, in admission, in spending, entry, attempt.StartedAt, read, exception);
        }
    }

    // What is decided by a record in memory, and not by the counters, must be told of a change by another replica. A public path and an
    // address that no API has are decided without the key.
    private bool MustConfirm(in KeyFinding found, in Verdict verdict) =>
        _comparesKeys && found.IsFromMemory && (verdict.IsAllowed ? verdict.Grant is not null : verdict.Reason != Reason.ApiUnknown);

    // Before the store's policies, APIs and organisations were read once: what a public path of the files or the key itself does not decide.
    private static bool NeedsStore(in Verdict verdict) =>
        verdict.IsAllowed ? verdict.Grant is not null : verdict.Reason is not (Reason.KeyMissing or Reason.KeyUnknown);

    private void Confirm(KeyEntry? entry, in Attempt attempt)
    {
        if (_comparesKeys)
        {
            entry?.Confirm(_time, attempt.StartedAt);
        }
    }

    private T Replace<T>(
        in DecisionCall call, in Admission admission, in Spending spending, KeyEntry? entry, long startedAt, VerdictReader<T> read, StoreException exception)
    {
        _counterFailures.Failed(exception);
        return Record(in call, _standIn.Decide(in admission, in spending, entry, startedAt), startedAt, read);
    }

    private T Record<T>(in DecisionCall call, in Verdict verdict, long startedAt, VerdictReader<T> read)
    {
        var elapsed = _time.GetElapsedTime(startedAt);
        _metrics.Record(in verdict, elapsed);
        if (verdict.ShadowedReason != Reason.Unspecified)
        {
            DecisionLog.Shadowed(_log, verdict.Grant?.KeyId ?? "", verdict.ShadowedReason);
        }

        return _watch is null ? read(in verdict) : _watch.Record(in call, in verdict, elapsed, read);
    }

    private static bool IsSignature(string presented) => Engine.Signatures.HttpSignature.HasScheme(presented);
}
