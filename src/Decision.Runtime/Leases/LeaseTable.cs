using System.Collections.Concurrent;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Leases;

/// <summary>The leases of this replica; those that nobody uses any more go back.</summary>
internal sealed class LeaseTable : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Unwanted = TimeSpan.FromSeconds(10);

    // Every counter that was asked for in the last seconds, and those of them that hold units: many keys come once, few are hot.
    private readonly ConcurrentDictionary<CounterKey, Lease> _leases = new();
    private readonly ConcurrentDictionary<CounterKey, Lease> _held = new();
    private readonly LeaseCalls _calls;
    private readonly double _share;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _cleanedAt;
    private int _isTicking;

    public LeaseTable(LeaseCalls calls, double share, TimeProvider time)
    {
        (_calls, _share, _time) = (calls, share, time);
        _timer = time.CreateTimer(static table => ((LeaseTable)table!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counters that were asked for in the last seconds.</summary>
    public int Count => _leases.Count;

    /// <summary>Units that are held and not used.</summary>
    public long Units
    {
        get
        {
            long now = _time.GetTimestamp();
            return _held.Values.Sum(lease => lease.UnitsAt(now));
        }
    }

    /// <summary>The lease of a counter; one that holds nothing yet where there was none.</summary>
    public Lease Of(Charge charge)
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

    /// <summary>Looks after a lease that asked for units.</summary>
    public void Hold(CounterKey counter, Lease lease) => _held[counter] = lease;

    /// <summary>Gives everything back.</summary>
    public void ReturnAll() => ReturnLeft(isEnd: true);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Sweep()
    {
        ReturnLeft(isEnd: false);
        Clean();
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

    // Rarely: it looks at every counter that was asked for.
    private void Clean()
    {
        long now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_cleanedAt, now) < Unwanted / 2)
        {
            return;
        }

        _cleanedAt = now;
        foreach ((CounterKey counter, Lease lease) in _leases)
        {
            if (lease.TryEnd(now, Unwanted))
            {
                _leases.TryRemove(counter, out _);
            }
        }
    }

    private void ReturnLeft(bool isEnd)
    {
        long now = _time.GetTimestamp();
        Dictionary<Subject, List<(Lease, LeaseOrder)>>? returns = null;
        foreach ((CounterKey counter, Lease lease) in _held)
        {
            if (lease.IsEmpty)
            {
                _held.TryRemove(counter, out _);
                if (!lease.IsEmpty)
                {
                    _held[counter] = lease;
                }
            }
            else if (lease.TryReturn(now, isEnd, out LeaseOrder order))
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
