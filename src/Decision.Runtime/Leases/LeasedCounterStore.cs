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
    private readonly ICounterStore _store;
    private readonly LeaseCalls _calls;
    private readonly TimeProvider _time;
    private readonly LeaseMetrics _metrics;
    private readonly LeaseTable _table;

    public LeasedCounterStore(ICounterStore store, ILeaseStore grants, TimeProvider time, IOptions<RuntimeOptions> options, LeaseMetrics metrics)
    {
        (_store, _time, _metrics) = (store, time, metrics);
        _calls = new LeaseCalls(grants, time);
        _table = new LeaseTable(_calls, options.Value.LeaseShare, time);
        metrics.Observe(() => _table.Count, () => _table.Units);
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
        _table.ReturnAll();
        await AnsweredAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until nothing is asked for any more.</summary>
    public Task AnsweredAsync() => _calls.AnsweredAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _table.DisposeAsync();

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
            Lease lease = _table.Of(charges[i]);
            leases[i] = lease;
            isWorthwhile &= lease.Want(charges[i], spending.CostOf(i), now);
        }

        return isWorthwhile;
    }

    // All of them or none.
    private static bool TryUse(in Spending spending, in PerCharge<Lease> leases, long now, out ChargeOutcomes outcomes)
    {
        outcomes = default;
        PerCharge<int> eras = default;
        ChargeList charges = spending.Charges;
        for (int i = 0; i < charges.Count; i++)
        {
            eras[i] = leases[i].Era;
            if (!leases[i].TryUse(charges[i], spending.CostOf(i), now, out var outcome))
            {
                for (int j = 0; j < i; j++)
                {
                    leases[j].Unuse(spending.CostOf(j), eras[j]);
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
                    _table.Hold(charges[j].Counter, lease);
                    orders.Add((lease, order));
                }
            }

            _calls.Ask(orders, now);
        }
    }
}
