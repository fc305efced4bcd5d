using System.Collections.Concurrent;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Leases;

/// <summary>
/// Counters of a shared store, of which limits with <c>limits_mode: leased</c> are used from leases where there are any. A decision that finds
/// none, or too few units, asks the store as any other, so that a lease only ever saves calls: it refuses nothing by itself.
/// </summary>
internal sealed class LeasedCounterStore : ICounterStore, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Unwanted = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<CounterKey, Lease> _leases = new();
    private readonly ICounterStore _store;
    private readonly LeaseCalls _calls;
    private readonly TimeProvider _time;
    private readonly LeaseMetrics _metrics;
    private readonly double _share;
    private readonly ITimer _timer;
    private int _isTicking;

    public LeasedCounterStore(ICounterStore store, ILeaseStore grants, TimeProvider time, IOptions<RuntimeOptions> options, LeaseMetrics metrics)
    {
        (_store, _time, _metrics, _share) = (store, time, metrics, options.Value.LeaseShare);
        _calls = new LeaseCalls(grants, time);
        metrics.Observe(() => _leases.Count);
        _timer = time.CreateTimer(static store => ((LeasedCounterStore)store!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public bool ComparesKeys => _store.ComparesKeys;

    /// <inheritdoc />
    public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation)
    {
        if (!IsLeased(in spending))
        {
            return _store.SpendAsync(in spending, cancellation);
        }

        long now = _time.GetTimestamp();
        if (!Want(in spending, now, out PerCharge<Lease> leases))
        {
            return _store.SpendAsync(in spending, cancellation);
        }

        if (spending.KeyId is null || spending.IsKeyConfirmed)
        {
            if (TryUse(in spending, in leases, now, out ChargeOutcomes outcomes))
            {
                _metrics.Used();
                AskWhereDue(in spending, in leases, now);
                return new ValueTask<SpendResult>(new SpendResult(SpendStatus.Done, outcomes) { IsLeased = true });
            }

            if (IsRefusedAgain(in spending, in leases, now, out outcomes))
            {
                _metrics.Used();
                return new ValueTask<SpendResult>(new SpendResult(SpendStatus.Done, outcomes) { IsLeased = true });
            }
        }

        return SpendStoreAsync(spending, leases, now, cancellation);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        _store.ReadAsync(charges, cancellation);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        _store.ResetAsync(charges, cancellation);

    /// <inheritdoc />
    public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) =>
        _store.AdjustAsync(quota, delta, cancellation);

    /// <inheritdoc />
    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => _store.DeleteSubjectAsync(subject, cancellation);

    /// <summary>Tells the store what was used of all leases, and gives the rest back. What it does not hear of ends there by itself.</summary>
    public async Task ReturnAsync()
    {
        await AnsweredAsync().ConfigureAwait(false);
        ReturnLeft(isEnd: true);
        await AnsweredAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until nothing is asked for any more.</summary>
    public Task AnsweredAsync() => _calls.AnsweredAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    // Of a peek and of a named call the store itself must know.
    private static bool IsLeased(in Spending spending)
    {
        ChargeList charges = spending.Charges;
        if (charges.Count == 0 || charges.Count > ChargeList.Usual || spending.IsPeek || spending.IdempotencyKey is not null)
        {
            return false;
        }

        for (int i = 0; i < charges.Count; i++)
        {
            if (charges[i].Mode != Engine.Settings.LimitsMode.Leased || charges[i].IsShadow)
            {
                return false;
            }
        }

        return true;
    }

    private bool Want(in Spending spending, long now, out PerCharge<Lease> leases)
    {
        ChargeList charges = spending.Charges;
        bool isWorthwhile = true;
        leases = default;
        for (int i = 0; i < charges.Count; i++)
        {
            Lease lease = LeaseOf(charges[i]);
            leases[i] = lease;
            isWorthwhile &= lease.Want(charges[i], spending.CostOf(i), now);
        }

        return isWorthwhile;
    }

    private Lease LeaseOf(Charge charge)
    {
        if (_leases.TryGetValue(charge.Counter, out Lease? lease))
        {
            return lease;
        }

        lease = _leases.GetOrAdd(charge.Counter, static (_, state) => new Lease(state.charge, state.Share, state.Time), (charge, Share: _share, Time: _time));
        if (Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _timer.Change(Tick, Timeout.InfiniteTimeSpan);
        }

        return lease;
    }

    // All of them or none.
    private static bool TryUse(in Spending spending, in PerCharge<Lease> leases, long now, out ChargeOutcomes outcomes)
    {
        outcomes = default;
        ChargeList charges = spending.Charges;
        for (int i = 0; i < charges.Count; i++)
        {
            if (!leases[i].TryUse(charges[i], spending.CostOf(i), now, out var outcome))
            {
                for (int j = 0; j < i; j++)
                {
                    leases[j].Unuse(spending.CostOf(j));
                }

                return false;
            }

            outcomes[i] = outcome;
        }

        return true;
    }

    private async ValueTask<SpendResult> SpendStoreAsync(
        Spending spending, PerCharge<Lease> leases, long now, CancellationToken cancellation)
    {
        ValueTask<SpendResult> asked = _store.SpendAsync(in spending, cancellation);
        AskWhereDue(in spending, in leases, now);
        SpendResult result = await asked.ConfigureAwait(false);

        if (result.Status != SpendStatus.Done)
        {
            return result;
        }

        ChargeOutcomes told = result.Outcomes;
        for (int i = 0; i < spending.Charges.Count; i++)
        {
            if (!told[i].Refused)
            {
                continue;
            }

            // It refuses by what is used and out on leases; one of these may lie here.
            long toldAt = _time.GetTimestamp();
            if (TryUse(in spending, in leases, toldAt, out ChargeOutcomes outcomes))
            {
                return new SpendResult(SpendStatus.Done, outcomes);
            }

            leases[i].Refuse(in spending, in told, told[i].RetryUs, toldAt);
            break;
        }

        return result;
    }

    private bool IsRefusedAgain(in Spending spending, in PerCharge<Lease> leases, long now, out ChargeOutcomes outcomes)
    {
        for (int i = 0; i < spending.Charges.Count; i++)
        {
            if (leases[i].Refusal is { } refusal && refusal.TryAnswer(in spending, now, _time, out outcomes))
            {
                return true;
            }
        }

        outcomes = default;
        return false;
    }

    private void AskWhereDue(in Spending spending, in PerCharge<Lease> leases, long now)
    {
        ChargeList charges = spending.Charges;
        for (int i = 0; i < charges.Count; i++)
        {
            if (!leases[i].IsDue(now))
            {
                continue;
            }

            // The others of its subject go along, so that they come due together from then on.
            List<(Lease, LeaseOrder)> orders = [];
            for (int j = 0; j < charges.Count; j++)
            {
                Lease lease = leases[j];
                if (charges[j].Counter.Subject.Equals(charges[i].Counter.Subject) && lease.TryOrder(now, out LeaseOrder order))
                {
                    orders.Add((lease, order));
                }
            }

            _calls.Ask(orders, now);
        }
    }

    private void Sweep()
    {
        long now = _time.GetTimestamp();
        ReturnLeft(isEnd: false);
        foreach ((CounterKey counter, Lease lease) in _leases)
        {
            if (lease.TryEnd(now, Unwanted))
            {
                _leases.TryRemove(counter, out _);
            }
        }

        if (!_leases.IsEmpty)
        {
            _timer.Change(Tick, Timeout.InfiniteTimeSpan);
            return;
        }

        Interlocked.Exchange(ref _isTicking, 0);
        if (!_leases.IsEmpty && Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _timer.Change(Tick, Timeout.InfiniteTimeSpan);
        }
    }

    private void ReturnLeft(bool isEnd)
    {
        long now = _time.GetTimestamp();
        Dictionary<Subject, List<(Lease, LeaseOrder)>>? returns = null;
        foreach ((CounterKey counter, Lease lease) in _leases)
        {
            if (lease.TryReturn(now, isEnd, out LeaseOrder order))
            {
                returns ??= [];
                if (!returns.TryGetValue(counter.Subject, out var orders))
                {
                    returns[counter.Subject] = orders = [];
                }

                orders.Add((lease, order));
            }
        }

        foreach (var orders in returns?.Values ?? Enumerable.Empty<List<(Lease, LeaseOrder)>>())
        {
            _calls.Ask(orders, now);
        }
    }
}
