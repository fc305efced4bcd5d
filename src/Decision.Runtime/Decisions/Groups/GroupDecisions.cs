using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Keys;
using Decision.Runtime.Metrics;
using Decision.Runtime.Observation;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Decisions.Groups;

/// <summary>
/// Decides several questions together: all of them spend, or none does. The steps are those of <see cref="DecisionRuntime"/>; what differs is
/// that the charges of all members go to the store in one step, and that the caller says how long an answer may take.
/// </summary>
public sealed class GroupDecisions
{
    private const int MostAttempts = 3;

    private static readonly VerdictReader<Verdict> Itself = static (in Verdict verdict) => verdict;

    private readonly Catalog _catalog;
    private readonly KeyDirectory _keys;
    private readonly ICounterStore _counters;
    private readonly StandIn _standIn;
    private readonly TimeProvider _time;
    private readonly DecisionMetrics _metrics;
    private readonly DecisionWatch? _watch;
    private readonly ILogger<GroupDecisions> _log;
    private readonly StoreFailures _counterFailures;
    private readonly StoreFailures _keyFailures;

    internal GroupDecisions(
        Catalog catalog,
        KeyDirectory keys,
        ICounterStore counters,
        StandIn standIn,
        TimeProvider time,
        DecisionMetrics metrics,
        DecisionWatch? watch,
        ILogger<GroupDecisions> log)
    {
        (_catalog, _keys, _counters, _standIn, _time, _metrics, _watch, _log) = (catalog, keys, counters, standIn, time, metrics, watch, log);
        _counterFailures = new StoreFailures(
            time,
            (exception, unsaid) => DecisionLog.CounterStoreFailed(log, exception.Message, unsaid),
            failed => DecisionLog.CounterStoreAnswers(log, failed));
        _keyFailures = new StoreFailures(
            time,
            (exception, unsaid) => DecisionLog.KeyStoreFailed(log, exception.Message, unsaid),
            failed => DecisionLog.KeyStoreAnswers(log, failed));
    }

    /// <summary>Decides.</summary>
    /// <param name="calls">The questions; their charges together at most <see cref="ChargeList.Capacity"/>.</param>
    /// <param name="patience">How long the store is waited for; then the failure policies decide.</param>
    /// <param name="cancellation">Given up before anything was spent.</param>
    /// <returns>
    /// A verdict for each question, in order. Where one refuses, nothing was spent; the others tell what they would have been.
    /// </returns>
    public async ValueTask<Verdict[]> DecideAsync(IReadOnlyList<GroupedCall> calls, TimeSpan patience, CancellationToken cancellation)
    {
        long startedAt = _time.GetTimestamp();
        using var late = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var verdicts = await DecideInTimeAsync(calls, startedAt, patience, either.Token, cancellation).ConfigureAwait(false);
        var elapsed = _time.GetElapsedTime(startedAt);
        for (int index = 0; index < verdicts.Length; index++)
        {
            var verdict = verdicts[index];
            _metrics.Record(in verdict, elapsed);
            if (verdict.ShadowedReason != Reason.Unspecified)
            {
                DecisionLog.Shadowed(_log, verdict.Grant?.KeyId ?? "", verdict.ShadowedReason);
            }

            if (_watch is not null)
            {
                var call = new DecisionCall { Request = calls[index].Request, ApiKey = calls[index].ApiKey ?? "", IsPeek = calls[index].Cost == 0 };
                verdicts[index] = _watch.Record(in call, in verdict, elapsed, Itself);
            }
        }

        return verdicts;
    }

    private async ValueTask<Verdict[]> DecideInTimeAsync(
        IReadOnlyList<GroupedCall> calls, long startedAt, TimeSpan patience, CancellationToken either, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            var members = new GroupMember[calls.Count];
            for (int index = 0; index < members.Length; index++)
            {
                members[index] = await AdmitAsync(calls[index], patience, either, cancellation).ConfigureAwait(false);
            }

            cancellation.ThrowIfCancellationRequested();
            try
            {
                var status = await SpendAsync(members, patience, either).ConfigureAwait(false);
                if (status is { } verdicts)
                {
                    _counterFailures.Answered();
                    Confirm(members, startedAt);
                    return verdicts;
                }
            }
            catch (StoreException) when (cancellation.IsCancellationRequested)
            {
                // The caller's giving up is no failure of the store.
                throw new OperationCanceledException(cancellation);
            }
            catch (StoreException exception)
            {
                _counterFailures.Failed(exception);
                return StandIn(members, startedAt);
            }

            foreach (var member in members)
            {
                if (member.Entry is { } entry)
                {
                    _keys.Records.Forget(entry.Record.Key.Id);
                }
            }

            if (attempt == MostAttempts)
            {
                return [.. members.Select(member => Decisions.StandIn.Unavailable(in member.Admission.Verdict))];
            }
        }
    }

    private async ValueTask<GroupMember> AdmitAsync(
        GroupedCall call, TimeSpan patience, CancellationToken either, CancellationToken cancellation)
    {
        long nowUs = _time.NowUs();
        if (call.PolicyId is { } policyId)
        {
            bool isUnread = _catalog.IsStoreUnread;
            var admitted = PolicyLimits.Admit(policyId, call.Subject!, call.Rate, call.OrganizationScope, _catalog.Rules);
            return new GroupMember(call, isUnread ? Unavailable(in admitted) : admitted, null);
        }

        KeyFinding found = default;
        bool isInMemory = call.KeyId is null && _keys.TryFind(call.ApiKey, nowUs, out found);
        if (!string.IsNullOrEmpty(call.ApiKey))
        {
            _metrics.LookedUp(isInMemory);
        }

        if (!isInMemory)
        {
            try
            {
                var finding = call.KeyId is { } id ? _keys.FindByIdAsync(id, asksStore: false, either) : _keys.FindAsync(call.ApiKey!, nowUs, asksStore: false, either);
                found = finding.IsCompletedSuccessfully ? finding.Result : await finding.AsTask().WaitAsync(either).ConfigureAwait(false);
                if (!found.IsFromMemory)
                {
                    _keyFailures.Answered();
                }
            }
            catch (Exception exception) when (
                exception is StoreException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                _keyFailures.Failed(exception as StoreException ?? Late(patience, exception));
                var unknown = DecisionEngine.Admit(call.Request, _catalog.Rules, KeyPresence.Unknown, null, nowUs);
                return new GroupMember(call, unknown.Verdict.IsAllowed ? unknown : Unavailable(in unknown), null);
            }
        }

        bool isStoreUnread = _catalog.IsStoreUnread;
        var rules = _catalog.Rules;
        var admission = DecisionEngine.Admit(call.Request, rules, found.Presence, found.GrantUnder(rules), nowUs);
        return new GroupMember(call, isStoreUnread && admission.Verdict.Grant is not null ? Unavailable(in admission) : admission, found.Entry);
    }

    // Null = a key is no longer what it was: decide again.
    private async ValueTask<Verdict[]?> SpendAsync(GroupMember[] members, TimeSpan patience, CancellationToken either)
    {
        bool isDenied = Array.Exists(members, member => !member.Admission.Verdict.IsAllowed);
        var keys = members.Where(member => member.Entry is not null)
            .Select(member => new KeyProofOfGroup(member.Entry!.Record.Key.Id, member.Entry.Record.Version)).Distinct().ToArray();

        // One key is compared in the step that spends; a further one just before it.
        foreach (var key in keys.Skip(1).Where(_ => _counters.ComparesKeys))
        {
            var compared = await StepAsync(new GroupCharges([], _ => 1).ToSpending(key, isPeek: true), patience, either).ConfigureAwait(false);
            if (compared.Status == SpendStatus.KeyChanged)
            {
                return null;
            }
        }

        // What only asks must fit too, and what it would cost is not spent.
        var asking = members.Where(member => member.Call.Cost == 0).ToArray();
        var spending = members.Where(member => member.Call.Cost > 0).ToArray();
        var outcomes = new Dictionary<GroupMember, ChargeOutcomes>();
        foreach (var (part, isPeek) in new[] { (asking, true), (spending, isDenied) })
        {
            var charges = new GroupCharges(part, member => Math.Max(1, member.Call.Cost));
            bool holdsBack = isPeek || isDenied;
            var step = charges.ToSpending(keys.Length > 0 && _counters.ComparesKeys ? keys[0] : null, holdsBack);
            if (charges.Count == 0 && (step.KeyId is null || !ReferenceEquals(part, spending)))
            {
                continue;
            }

            var result = await StepAsync(step, patience, either).ConfigureAwait(false);
            if (result.Status == SpendStatus.KeyChanged)
            {
                return null;
            }

            foreach (var member in part)
            {
                outcomes[member] = result.Outcomes;
                isDenied |= !member.Conclude(result.Outcomes).IsAllowed;
            }
        }

        return [.. members.Select(member => outcomes.TryGetValue(member, out var told) ? member.Conclude(in told) : member.Admission.Verdict)];
    }

    private async ValueTask<SpendResult> StepAsync(Spending spending, TimeSpan patience, CancellationToken either)
    {
        var step = _counters.SpendAsync(in spending, either);
        if (step.IsCompletedSuccessfully)
        {
            return step.Result;
        }

        try
        {
            return await step.AsTask().WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw Late(patience, exception);
        }
    }

    // Each member by its own failure policy. Where one is refused, nothing more is counted; what an earlier one counted in this replica stays so.
    private Verdict[] StandIn(GroupMember[] members, long startedAt)
    {
        bool isRefused = Array.Exists(members, member => !member.Admission.Verdict.IsAllowed);
        var verdicts = new Verdict[members.Length];
        for (int index = 0; index < members.Length; index++)
        {
            var member = members[index];
            var spending = new Spending { Charges = member.Admission.Charges, Cost = Math.Max(1, member.Call.Cost), IsPeek = isRefused || member.Call.Cost == 0 };
            verdicts[index] = member.Admission.IsFinal
                ? member.Admission.Verdict
                : _standIn.Decide(in member.Admission, in spending, member.Entry, startedAt);
            isRefused |= !verdicts[index].IsAllowed;
        }

        return verdicts;
    }

    private static Admission Unavailable(in Admission admission)
    {
        var verdict = Decisions.StandIn.Unavailable(in admission.Verdict);
        return Admission.Final(in verdict);
    }

    // Their records were compared, so that they go on serving should the store fail now.
    private void Confirm(GroupMember[] members, long startedAt)
    {
        foreach (var member in members)
        {
            if (_counters.ComparesKeys)
            {
                member.Entry?.Confirm(_time, startedAt);
            }
        }
    }

    private static StoreException Late(TimeSpan patience, Exception exception) =>
        new($"The store did not answer within {patience.TotalMilliseconds:0.#} ms; what was asked may have been done all the same.", exception);
}
