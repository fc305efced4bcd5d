using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// What the scripts need of a charge, as bytes: kind, place of its subject, name, terms. Made once for each charge; only the subject's place
/// and a calendar's window are filled in for a call.
/// </summary>
internal sealed class ChargeTerms
{
    private const byte RollingQuota = 4;
    private const byte CalendarQuota = 5;
    private const byte Shadow = 16;
    private const int SubjectAt = 1;

    private static readonly ConditionalWeakTable<Charge, ChargeTerms> Known = [];

    private readonly Subject _subject;
    private readonly byte[] _bytes;
    private readonly QuotaLimit? _calendar;
    private SubjectName? _name;

    private ChargeTerms(Charge charge)
    {
        _subject = charge.Counter.Subject;
        byte[] name = Encoding.UTF8.GetBytes(charge.Counter.Name);
        if (name.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"The name of a counter has {name.Length} bytes; {ushort.MaxValue} are the most.", nameof(charge));
        }

        _calendar = charge.Quota is { Period: not QuotaPeriod.Rolling } quota ? quota : null;
        byte kind = charge.Rate is { } rate ? (byte)rate.Algorithm : _calendar is null ? RollingQuota : CalendarQuota;
        Span<byte> terms = stackalloc byte[40];
        int length = charge.Rate is not null ? WriteRate(terms, charge.Rate) : WriteQuota(terms, charge.Quota!);
        _bytes = [(byte)(kind + (charge.IsShadow ? Shadow : 0)), 0, 0, 0, .. name, .. terms[..length]];
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(2), (ushort)name.Length);
    }

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether it depends on the moment.</summary>
    public bool IsCalendar => _calendar is not null;

    public static ChargeTerms Of(Charge charge) => Known.GetValue(charge, static charge => new ChargeTerms(charge));

    /// <summary>The name of the subject's hash: it is made of a hash of the subject's id, for most.</summary>
    public RedisKey NameUnder(RedisKeys names)
    {
        if (_name is not { } known || known.Names != names)
        {
            _name = known = new SubjectName(names, names.OfSubject(_subject));
        }

        return known.Name;
    }

    /// <summary>Writes the terms.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    /// <param name="subject">Place of the subject among those of the call.</param>
    /// <param name="nowUs">The moment whose calendar window is given, as far as the caller knows the store's clock.</param>
    public void Write(Span<byte> target, int subject, long nowUs)
    {
        _bytes.CopyTo(target);
        target[SubjectAt] = (byte)subject;
        if (_calendar is not null)
        {
            (long startUs, long endUs) = _calendar.CalendarPeriodAt(nowUs);
            BinaryPrimitives.WriteDoubleLittleEndian(target[(Length - 16)..], startUs);
            BinaryPrimitives.WriteDoubleLittleEndian(target[(Length - 8)..], endUs);
        }
    }

    private static int WriteRate(Span<byte> terms, RateLimit rate)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(terms, (uint)rate.Max);
        BinaryPrimitives.WriteDoubleLittleEndian(terms[4..], rate.PeriodUs);
        if (rate.Algorithm != RateAlgorithm.TokenBucket)
        {
            return 12;
        }

        // The time until an empty bucket is full: whole microseconds, and a rest in 1/Max of one.
        (UInt128 whole, UInt128 rest) = UInt128.DivRem((UInt128)(ulong)rate.PeriodUs * (ulong)rate.Capacity, (ulong)rate.Max);
        BinaryPrimitives.WriteUInt32LittleEndian(terms[12..], (uint)rate.Capacity);
        BinaryPrimitives.WriteDoubleLittleEndian(terms[16..], (double)whole);
        BinaryPrimitives.WriteDoubleLittleEndian(terms[24..], (double)rest);
        return 32;
    }

    private static int WriteQuota(Span<byte> terms, QuotaLimit quota)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(terms, quota.Max);
        BinaryPrimitives.WriteDoubleLittleEndian(terms[8..], quota.RenewalUs);
        return quota.Period == QuotaPeriod.Rolling ? 16 : 24;
    }

    private sealed record SubjectName(RedisKeys Names, RedisKey Name);
}
