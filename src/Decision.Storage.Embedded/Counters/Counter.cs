using System.Buffers;
using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Storage.Embedded.Counters;

/// <summary>One counter in memory. Everything in it belongs to the lock of its subject.</summary>
internal sealed class Counter(CounterKey key)
{
    /// <summary>What a rate has recorded; by reference, because its log has one owner.</summary>
    public RateState Rate;

    /// <summary>What a quota has recorded.</summary>
    public QuotaState Quota;

    public CounterKey Key { get; } = key;

    /// <summary>The quota last charged; tells when the period ends. Null for a rate, and for a quota read from the disk and not charged since.</summary>
    public QuotaLimit? QuotaLimit { get; set; }

    /// <summary>When it was last changed or read from the disk, in microseconds since the Unix epoch.</summary>
    public long TouchedUs { get; set; }

    /// <summary>True while the disk does not have what is here.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The generation of the log that has the newest of it on the disk; 0 = the table has. Belongs to the keeper's turn.</summary>
    public int LoggedIn { get; set; }

    /// <summary>True for a window of a second or less: what a save each second could keep of it no longer counts when it is read.</summary>
    public bool IsBrief { get; set; }

    public bool IsQuota { get; set; }

    /// <summary>Where <see cref="QuotaLimit"/> is null: when the period ends, in microseconds since the Unix epoch; 0 = not known.</summary>
    public long PeriodEndUs { get; set; }

    public bool IsEmpty => Rate.IsEmpty && Quota == default;

    /// <summary>From when on the state no longer counts, in microseconds since the Unix epoch; null = it always counts.</summary>
    public long? IdleAtUs
    {
        get
        {
            if (!IsQuota)
            {
                return RateMath.IdleAtUs(Rate);
            }

            if (Quota.StartUs == 0)
            {
                return 0;
            }

            if (QuotaLimit is null)
            {
                return PeriodEndUs == 0 ? null : PeriodEndUs;
            }

            // Asked as of its start, the period that runs then is its own.
            return QuotaMath.PeriodEndUs(QuotaLimit, Quota, Quota.StartUs) is var end && end == LimitTest.Never ? null : end;
        }
    }

    public LimitTest Test(Charge charge, long cost, long nowUs) => charge.Rate is { } rate
        ? RateMath.Test(rate, Rate, cost, nowUs)
        : QuotaMath.Test(charge.Quota!, Quota, cost, nowUs);

    /// <summary>The test of a counter that has nothing recorded.</summary>
    public static LimitTest TestUnused(Charge charge, long cost, long nowUs) => charge.Rate is { } rate
        ? RateMath.Test(rate, default, cost, nowUs)
        : QuotaMath.Test(charge.Quota!, default, cost, nowUs);

    public void Spend(Charge charge, long cost, long nowUs)
    {
        if (charge.Rate is { } rate)
        {
            RateMath.Spend(rate, ref Rate, cost, nowUs);
            IsBrief = rate.PeriodUs <= 1_000_000 && rate.Algorithm is RateAlgorithm.SlidingLog or RateAlgorithm.FixedWindow;
        }
        else
        {
            QuotaMath.Spend(charge.Quota!, ref Quota, cost, nowUs);
            QuotaLimit = charge.Quota;
            IsQuota = true;
        }

        TouchedUs = nowUs;
        IsChanged = true;
    }

    public void Adjust(QuotaLimit quota, long delta, long nowUs)
    {
        QuotaMath.Adjust(ref Quota, quota, delta, nowUs);
        QuotaLimit = quota;
        IsQuota = true;
        TouchedUs = nowUs;
        IsChanged = true;
    }

    /// <summary>Takes over what another store had recorded; one of the two states is empty.</summary>
    public void Take(in RateState rate, in QuotaState quota, long nowUs)
    {
        Rate = rate;
        Quota = quota;
        IsQuota = rate.IsEmpty;
        IsBrief = false;
        PeriodEndUs = 0;
        TouchedUs = nowUs;
        IsChanged = true;
    }

    /// <summary>Takes over what the disk has of it; false, and nothing is changed, where that is damaged.</summary>
    public bool TryRestore(ReadOnlySpan<byte> state, long nowUs)
    {
        QuotaState quota = default;
        bool isRate = LimitStateFormat.TryRead(state, out RateState rate);
        if (!isRate && !LimitStateFormat.TryRead(state, out quota))
        {
            return false;
        }

        Rate = rate;
        Quota = quota;
        IsQuota = !isRate;
        TouchedUs = nowUs;
        return true;
    }

    /// <summary>Writes what it has recorded, for the disk or another store.</summary>
    public void Write(IBufferWriter<byte> bytes)
    {
        if (IsQuota)
        {
            LimitStateFormat.Write(bytes, Quota);
        }
        else
        {
            LimitStateFormat.Write(bytes, Rate);
        }
    }

    public void Clear(long nowUs)
    {
        Rate = default;
        Quota = default;
        IsBrief = false;
        TouchedUs = nowUs;
        IsChanged = true;
    }
}
