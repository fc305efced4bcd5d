using System.Globalization;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// The clock of the scripts: Redis's own. What is known of it here serves to say which calendar period runs; the script checks that by its own clock.
/// </summary>
internal sealed class ScriptClock
{
    private readonly Func<long>? _test;
    private long _aheadUs;

    /// <param name="test">The moment for the scripts in microseconds since the Unix epoch, in tests; null = Redis's own clock.</param>
    public ScriptClock(Func<long>? test = null) => _test = test;

    /// <summary>What a script takes for its clock; empty = its server's.</summary>
    public RedisValue Argument => _test is null ? RedisValue.EmptyString : _test().ToString(CultureInfo.InvariantCulture);

    /// <summary>What Redis's clock shows, as far as its last answer tells.</summary>
    public long EstimateUs(TimeProvider time) => _test is null ? OwnUs(time) + Volatile.Read(ref _aheadUs) : _test();

    /// <summary>Takes note of an answer's moment.</summary>
    public void Learn(long nowUs, TimeProvider time) => Volatile.Write(ref _aheadUs, nowUs - OwnUs(time));

    private static long OwnUs(TimeProvider time) => (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
