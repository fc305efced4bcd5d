using System.Buffers;
using Decision.Engine.Limits;

namespace Decision.Engine.Tests.Limits;

/// <summary>A rate counter as a store keeps it: tests, and spends what was not refused.</summary>
internal sealed class Counter(RateLimit limit)
{
    public const long Second = 1_000_000;

    // A multiple of every period that the tests use, so that aligned windows begin here.
    public const long Start = 1_699_999_920 * Second;

    private RateState _state;

    public RateLimit Limit { get; set; } = limit;

    public ref RateState State => ref _state;

    public static RateLimit Rate(RateAlgorithm algorithm, long max, long seconds, long burst = 0) =>
        new(algorithm, max, seconds * Second, burst);

    public LimitTest Try(long nowUs, long cost = 1)
    {
        LimitTest test = RateMath.Test(Limit, _state, cost, nowUs);
        if (!test.Refused)
        {
            RateMath.Spend(Limit, ref _state, cost, nowUs);
        }

        return test;
    }

    public LimitTest Look(long nowUs, long cost = 0) => RateMath.Test(Limit, _state, cost, nowUs);

    public byte[] Bytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        LimitStateFormat.Write(buffer, _state);
        return buffer.WrittenSpan.ToArray();
    }
}
