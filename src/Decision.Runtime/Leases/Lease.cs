using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Leases;

/// <summary>
/// What this replica holds of one counter: units that it took beforehand and uses by itself, until they are used up or their time is over.
/// It follows demand: while requests come it takes more before the last are gone, and what nobody asked for goes back.
/// </summary>
/// <remarks>
/// Nothing is used here that the store does not count already: it counts the whole lease as used until it is told otherwise. So however this
/// ends, the limit holds.
/// </remarks>
internal sealed class Lease
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly double _share;
    private Charge _charge;
    private LeaseTerms _terms;
    private ulong _id = NewId();
    private long _units;
    private long _used;
    private long _told;
    private long _orders;
    private long _usedAt;
    private long _endsAt;
    private long _remaining;
    private long _resetUs;
    private long _toldAt;
    private long _block;
    private Demand _demand;
    private volatile Refusal? _refusal;
    private long _wantedAt;
    private long _restsUntil;
    private int _era;
    private int _limits;
    private int _askedLimits;
    private bool _isAsking;
    private bool _isHot;
    private bool _isOver;

    /// <summary>A lease that holds nothing yet.</summary>
    public Lease(Charge charge, double share, TimeProvider time)
    {
        (_charge, _share, _time) = (charge, share, time);
        _terms = LeaseTerms.Of(charge, share);
        _wantedAt = time.GetTimestamp() - (2 * time.TimestampFrequency);
    }

    /// <summary>Counts the leases that began here.</summary>
    public int Era => Volatile.Read(ref _era);

    /// <summary>What the store refused by this counter; null = nothing that is remembered.</summary>
    public Refusal? Refusal => _refusal;

    /// <summary>Whether it holds nothing, has nothing to tell and asks for nothing.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return !_isAsking && _units == 0 && _used == _told;
            }
        }
    }

    /// <summary>Units that it holds and could still use.</summary>
    public long UnitsAt(long now)
    {
        lock (_gate)
        {
            return now < _endsAt ? _units : 0;
        }
    }

    /// <summary>Notes that units were asked for.</summary>
    /// <returns>Whether leases of this limit are worth while.</returns>
    public bool Want(Charge charge, long cost, long now)
    {
        lock (_gate)
        {
            Measure(charge);
            _isHot = _time.GetElapsedTime(_wantedAt, now) < _terms.Life;
            _wantedAt = now;
            _demand.Add(cost, now, Timestamps(_terms.Life));
            return _terms.IsWorthwhile;
        }
    }

    /// <summary>Uses units of the lease.</summary>
    /// <param name="charge">The limit in force.</param>
    /// <param name="cost">Units.</param>
    /// <param name="now">The monotonic timestamp.</param>
    /// <param name="outcome">As the store would tell it, as far as this replica knows.</param>
    /// <returns>False = it has too few, or its time is over: nothing is used.</returns>
    public bool TryUse(Charge charge, long cost, long now, out LimitTest outcome)
    {
        lock (_gate)
        {
            Measure(charge);
            if (_units < cost || now >= _endsAt)
            {
                outcome = default;
                return false;
            }

            _units -= cost;
            _used += cost;
            _usedAt = Math.Max(_usedAt, now);
            long remaining = _remaining + _units;
            outcome = new LimitTest(false, Math.Max(cost, (charge.Rate?.Capacity ?? charge.Max) - remaining), remaining, ResetUs(charge, now), 0);
            return true;
        }
    }

    /// <summary>Takes back what <see cref="TryUse"/> used, because another limit had too little.</summary>
    /// <param name="cost">The units.</param>
    /// <param name="era"><see cref="Era"/> before they were used.</param>
    public void Unuse(long cost, int era)
    {
        lock (_gate)
        {
            // What was told as used meanwhile stays so, and what another lease was used for: that refuses earlier, never later.
            if (era == _era && !_isAsking && _used - cost >= _told)
            {
                _used -= cost;
                _units += cost;
            }
        }
    }

    /// <summary>Remembers what the store refused by this counter, for a quarter of a lease's life at most: others may give back what they hold.</summary>
    public void Refuse(in Spending spending, in ChargeOutcomes outcomes, long retryUs, long now)
    {
        lock (_gate)
        {
            long quarter = Timestamps(_terms.Life / 4);
            long retry = retryUs == LimitTest.Never ? quarter : Timestamps(TimeSpan.FromMicroseconds(retryUs));
            _refusal = new Refusal(in spending, in outcomes, now, now + Math.Min(quarter, retry));
        }
    }

    /// <summary>Whether it is time to ask the store for more.</summary>
    public bool IsDue(long now)
    {
        lock (_gate)
        {
            return _isHot && IsFree(now) && (_units * 4 <= _block || now >= _endsAt - Timestamps(_terms.Life / 4));
        }
    }

    /// <summary>Whether it can go along with others of its subject that ask.</summary>
    public bool TryOrder(long now, out LeaseOrder order)
    {
        lock (_gate)
        {
            order = default;
            if (!IsFree(now))
            {
                return false;
            }

            // A quarter more than what the last life took: it comes due a quarter before its end.
            long target = (long)Math.Clamp(Math.Ceiling(_demand.Units(now, Timestamps(_terms.Life)) * 1.25), 2, _terms.Most);
            order = Order(now, target);
            _block = target;
            return true;
        }
    }

    /// <summary>What is to be told and given back because nobody asks for it any more, or because this replica ends.</summary>
    /// <param name="now">The monotonic timestamp.</param>
    /// <param name="isEnd">Whether it is given back in any case.</param>
    /// <param name="order">What to tell the store.</param>
    public bool TryReturn(long now, bool isEnd, out LeaseOrder order)
    {
        lock (_gate)
        {
            order = default;
            if (_isAsking || now < _restsUntil || (_units == 0 && _used == _told) || !(isEnd || now >= _endsAt - Timestamps(_terms.Life / 4)))
            {
                return false;
            }

            _units = 0;
            _block = 0;
            order = Order(now, 0);
            return true;
        }
    }

    /// <summary>Takes the store's answer.</summary>
    /// <param name="order">What was asked.</param>
    /// <param name="grant">The answer.</param>
    /// <param name="askedAt">The monotonic timestamp before it was asked.</param>
    public void Take(in LeaseOrder order, in LeaseGrant grant, long askedAt)
    {
        lock (_gate)
        {
            _isAsking = false;
            if (!grant.IsKnown && order.Keeps > 0)
            {
                // It ended there before it was told: all of it counts as used, also what was used of it since.
                Begin();
                return;
            }

            _told = order.Used;

            // What was granted by a limit that is no longer in force goes back unused.
            _units = _askedLimits == _limits ? _units + grant.Granted : 0;
            _endsAt = askedAt + Timestamps(grant.Life);
            (_remaining, _resetUs, _toldAt) = (grant.Remaining, grant.ResetUs, askedAt);
            if (order.Wants > 0 && grant.Granted == 0)
            {
                _block = 0;
                _restsUntil = askedAt + Timestamps(_terms.Life / 4);
            }
        }
    }

    /// <summary>
    /// The store did not answer. Whether it did what was asked or not, it counts what is held here, until the end that is known here.
    /// </summary>
    public void Rest(long now)
    {
        lock (_gate)
        {
            _isAsking = false;
            _restsUntil = now + Timestamps(_terms.Life / 4);
        }
    }

    /// <summary>Ends it where it holds nothing and nobody asked for so long.</summary>
    public bool TryEnd(long now, TimeSpan unwanted)
    {
        lock (_gate)
        {
            _isOver |= IsEmpty && _time.GetElapsedTime(_wantedAt, now) >= unwanted;
            return _isOver;
        }
    }

    private void Begin()
    {
        _id = NewId();
        _era++;
        (_units, _used, _told, _orders, _block) = (0, 0, 0, 0, 0);
    }

    private static ulong NewId() => unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));

    private bool IsFree(long now) => !_isAsking && !_isOver && _terms.IsWorthwhile && now >= _restsUntil;

    private LeaseOrder Order(long now, long target)
    {
        if (now >= _endsAt)
        {
            _units = 0;
        }

        _isAsking = true;
        _askedLimits = _limits;
        return new LeaseOrder(
            _charge, _id, ++_orders, _used, _used > _told ? _time.GetElapsedTime(_usedAt, now) : TimeSpan.Zero, _units, Math.Max(0, target - _units), _terms.Life);
    }

    // Another limit on the same counter: what was taken by the old one is not used any more.
    private void Measure(Charge charge)
    {
        if (ReferenceEquals(charge, _charge))
        {
            return;
        }

        if (charge.Mode != _charge.Mode || charge.IsShadow != _charge.IsShadow || charge.Rate != _charge.Rate || charge.Quota != _charge.Quota)
        {
            _terms = LeaseTerms.Of(charge, _share);
            (_units, _block) = (0, 0);
            _limits++;
        }

        _charge = charge;
    }

    private long ResetUs(Charge charge, long now)
    {
        if (charge.Rate is { Algorithm: RateAlgorithm.SlidingLog } rate)
        {
            return rate.PeriodUs;
        }

        return _resetUs < 0 ? LimitTest.Never : Math.Max(1, _resetUs - (long)_time.GetElapsedTime(_toldAt, now).TotalMicroseconds);
    }

    private long Timestamps(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);
}
