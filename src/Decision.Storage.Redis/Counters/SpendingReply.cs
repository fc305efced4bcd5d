using System.Buffers.Binary;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Counters;

/// <summary>Reads what decide.lua answers, one spending after the other.</summary>
internal ref struct SpendingReply
{
    private const int OutcomeLength = 33;
    private readonly bool _tellsStates;
    private ReadOnlySpan<byte> _rest;

    /// <param name="bytes">The whole answer of a batch.</param>
    /// <param name="tellsStates">Whether states were asked for.</param>
    public SpendingReply(ReadOnlySpan<byte> bytes, bool tellsStates = false)
    {
        _tellsStates = tellsStates;
        NowUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes);
        _rest = bytes[8..];
    }

    /// <summary>The store's clock when it decided.</summary>
    public long NowUs { get; }

    /// <summary>The moment for which a calendar's window is needed, after <see cref="SpendingReplyStatus.NeedsWindow"/>.</summary>
    public long NeededUs { get; private set; }

    /// <summary>When each charge was spent, after <see cref="SpendingReplyStatus.Done"/>.</summary>
    public PerCharge<long> Moments { get; private set; }

    /// <summary>What the counter of each charge held and holds now, as giveback.lua reads it; where it was asked for.</summary>
    public byte[][] States { get; private set; } = [];

    /// <summary>Reads the answer to the next spending.</summary>
    /// <param name="charges">What it was to spend.</param>
    /// <param name="result">The answer, where it is one.</param>
    public SpendingReplyStatus Next(in ChargeList charges, out SpendResult result)
    {
        var status = (SpendingReplyStatus)_rest[0];
        _rest = _rest[1..];
        result = default;
        switch (status)
        {
            case SpendingReplyStatus.Done:
                result = new SpendResult(SpendStatus.Done, ReadOutcomes(charges));
                if (_tellsStates)
                {
                    ReadStates(charges.Count);
                }

                break;
            case SpendingReplyStatus.KeyChanged:
                result = new SpendResult(SpendStatus.KeyChanged, default);
                break;
            case SpendingReplyStatus.Conflict:
                result = new SpendResult(SpendStatus.IdempotencyConflict, default);
                break;
            case SpendingReplyStatus.Replay:
                int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                ChargeList first = ChargeDescriptions.Read(_rest.Slice(4, length));
                _rest = _rest[(4 + length)..];
                result = new SpendResult(SpendStatus.Done, ReadOutcomes(first)) { Replay = new Replay(first) };
                break;
            case SpendingReplyStatus.NeedsWindow:
                NeededUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(_rest[1..]);
                _rest = _rest[9..];
                break;
            default:
                break;
        }

        return status;
    }

    private ChargeOutcomes ReadOutcomes(in ChargeList charges)
    {
        ChargeOutcomes outcomes = default;
        PerCharge<long> moments = default;
        for (int i = 0; i < charges.Count; i++)
        {
            outcomes[i] = ReadOutcome(_rest, charges[i], out long moment);
            moments[i] = moment;
            _rest = _rest[OutcomeLength..];
        }

        Moments = moments;
        return outcomes;
    }

    private void ReadStates(int count)
    {
        States = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            int before = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
            int after = BinaryPrimitives.ReadUInt16LittleEndian(_rest[(2 + before)..]);
            States[i] = _rest[..(4 + before + after)].ToArray();
            _rest = _rest[States[i].Length..];
        }
    }

    /// <summary>Reads one outcome: refused, used, until all is free, until the cost fits, the moment.</summary>
    public static LimitTest ReadOutcome(ReadOnlySpan<byte> bytes, Charge charge, out long momentUs)
    {
        long used = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[1..]);
        momentUs = (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[25..]);
        long most = charge.Rate?.Capacity ?? charge.Max;
        return new LimitTest(
            bytes[0] != 0,
            used,
            Math.Max(0, most - used),
            (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[9..]),
            (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[17..]));
    }
}
