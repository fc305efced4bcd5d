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

    // Those who get the answer that is read now, after the one who got it last.
    private int _others;

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

    /// <summary>Reads the answer to the next one who asked.</summary>
    /// <param name="spending">What was to be spent.</param>
    /// <param name="result">The answer, where it is one.</param>
    public SpendingReplyStatus Next(in Spending spending, out SpendResult result)
    {
        if (_others > 0)
        {
            _others--;
        }
        else
        {
            _others = _rest[0] - 1;
            _rest = _rest[1..];
        }

        ReadOnlySpan<byte> answer = _rest;
        SpendingReplyStatus status = Read(spending, out result);
        if (_others > 0)
        {
            _rest = answer;
        }

        return status;
    }

    private SpendingReplyStatus Read(in Spending spending, out SpendResult result)
    {
        var status = (SpendingReplyStatus)_rest[0];
        _rest = _rest[1..];
        result = default;
        switch (status)
        {
            case SpendingReplyStatus.Done:
                result = new SpendResult(SpendStatus.Done, ReadOutcomes(spending.Charges));
                if (_tellsStates)
                {
                    ReadStates(spending.Charges.Count);
                }

                break;
            case SpendingReplyStatus.Steps:
                ChargeOutcomes outcomes = ReadOutcomes(spending.Charges);
                for (int i = 0; i < spending.Charges.Count; i++)
                {
                    // Those who come after this one spent theirs later.
                    long later = _others * spending.CostOf(i);
                    LimitTest last = outcomes[i];
                    outcomes[i] = last with { Used = last.Used - later, Remaining = last.Remaining + later };
                }

                result = new SpendResult(SpendStatus.Done, outcomes);
                return SpendingReplyStatus.Done;
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
