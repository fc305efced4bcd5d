using System.Buffers.Binary;
using System.Text;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>A spending as decide.lua reads it: the names it touches, and one string of bytes.</summary>
/// <remarks>
/// Flags, cost, version, how many subjects and charges; of each subject kind and id (empty for the key that is compared: its record tells); of
/// each charge its <see cref="ChargeTerms"/>; where they differ the cost of each; with an idempotency key the request's hash and the charges, to be told again.
/// </remarks>
internal static class SpendingWriter
{
    private const byte PeekFlag = 1;
    private const byte CompareFlag = 2;
    private const byte NamedFlag = 4;
    private const byte StatesFlag = 8;
    private const byte CostsFlag = 16;
    private const int HeaderLength = 19;

    /// <summary>The names in Redis: of each subject, then of the answer where the spending has an idempotency key.</summary>
    public static RedisKey[] Keys(in Spending spending, in SpendingSubjects subjects, RedisKeys names)
    {
        bool isNamed = IsNamed(spending);
        RedisKey[] keys = new RedisKey[subjects.Count + (isNamed ? 1 : 0)];
        for (int i = spending.Charges.Count - 1; i >= 0; i--)
        {
            keys[subjects.PlaceOf(i)] = ChargeTerms.Of(spending.Charges[i]).NameUnder(names);
        }

        if (subjects.Count > 0 && keys[0] == default(RedisKey))
        {
            // Only the key that is compared may have no charge.
            keys[0] = names.OfSubject(subjects[0]);
        }

        if (isNamed)
        {
            // Without a key and without a charge nothing is counted, and any name will do.
            Subject beside = subjects.Count > 0 ? subjects[0] : new Subject(SubjectKind.Key, "");
            keys[^1] = names.OfAnswer(beside, spending.KeyId ?? "", spending.IdempotencyKey!);
        }

        return keys;
    }

    /// <summary>The bytes.</summary>
    /// <param name="tellsStates">Whether the answer is to hold what the counters held, so that it can be given back.</param>
    public static byte[] Write(in Spending spending, in SpendingSubjects subjects, long nowUs, bool tellsStates = false)
    {
        ChargeList charges = spending.Charges;
        bool isNamed = IsNamed(spending);
        bool compares = ComparesKey(spending);
        byte[] described = isNamed ? ChargeDescriptions.Write(charges) : [];
        int length = HeaderLength + (isNamed ? 12 + described.Length : 0);
        for (int i = 0; i < subjects.Count; i++)
        {
            length += 3 + (compares && i == 0 ? 0 : Encoding.UTF8.GetByteCount(subjects[i].Id));
        }

        for (int i = 0; i < charges.Count; i++)
        {
            length += ChargeTerms.Of(charges[i]).Length + (spending.Costs is null ? 0 : 8);
        }

        byte[] bytes = new byte[length];
        Span<byte> rest = bytes;
        rest[0] = (byte)((spending.IsPeek ? PeekFlag : 0) | (compares ? CompareFlag : 0) | (isNamed ? NamedFlag : 0) | (tellsStates ? StatesFlag : 0)
            | (spending.Costs is null ? 0 : CostsFlag));
        BinaryPrimitives.WriteDoubleLittleEndian(rest[1..], Math.Min(spending.Cost, 1L << 53));
        BinaryPrimitives.WriteUInt64BigEndian(rest[9..], spending.KeyVersion);
        rest[17] = (byte)subjects.Count;
        rest[18] = (byte)charges.Count;
        rest = rest[HeaderLength..];
        for (int i = 0; i < subjects.Count; i++)
        {
            rest[0] = (byte)subjects[i].Kind;
            int idLength = compares && i == 0 ? 0 : Encoding.UTF8.GetBytes(subjects[i].Id, rest[3..]);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[1..], (ushort)idLength);
            rest = rest[(3 + idLength)..];
        }

        for (int i = 0; i < charges.Count; i++)
        {
            ChargeTerms terms = ChargeTerms.Of(charges[i]);
            terms.Write(rest, subjects.PlaceOf(i), nowUs);
            rest = rest[terms.Length..];
        }

        for (int i = 0; i < (spending.Costs?.Count ?? 0); i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(rest, Math.Min(spending.CostOf(i), 1L << 53));
            rest = rest[8..];
        }

        if (isNamed)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, spending.RequestHash);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], (uint)described.Length);
            described.CopyTo(rest[12..]);
        }

        return bytes;
    }

    /// <summary>Whether the key's version is compared.</summary>
    public static bool ComparesKey(in Spending spending) => spending.KeyId is not null && spending.KeyVersion != 0;

    /// <summary>A peek is never remembered, and never answered from memory.</summary>
    public static bool IsNamed(in Spending spending) => spending.IdempotencyKey is not null && !spending.IsPeek;
}
