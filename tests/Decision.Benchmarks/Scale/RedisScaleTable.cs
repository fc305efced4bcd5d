using System.Globalization;

namespace Decision.Benchmarks.Scale;

/// <summary>What a thousand and many keys in Redis take, as a table for docs/performance.md, and whether it is what is promised.</summary>
internal static class RedisScaleTable
{
    private const double MostBytes = 1_024;

    /// <summary>Prints it.</summary>
    /// <returns>Whether memory is within a quarter more than promised, so that growth is noticed. Times are for people to read.</returns>
    public static bool Print(RedisFigures few, int fewKeys, RedisFigures all, int manyKeys)
    {
        Row("on Redis", Number(fewKeys) + " keys", Number(manyKeys) + " keys");
        Console.WriteLine("|---|---:|---:|");
        Row("start of a replica, ms", Number(few.StartSeconds * 1_000), Number(all.StartSeconds * 1_000));
        Row("resident after the start, MB", Number(few.IdleResident / 1e6), Number(all.IdleResident / 1e6));
        Row("Redis: bytes of an idle key, index included (used_memory)", Each(few.IdleMemory, fewKeys), Each(all.IdleMemory, manyKeys));
        Row("Redis: bytes of an active key, with a rate and a quota", Each(few.ActiveMemory, fewKeys), Each(all.ActiveMemory, manyKeys));
        Row("Redis: bytes of a key's own hash, idle and active (MEMORY USAGE)", Numbers(few.OwnMemory), Numbers(all.OwnMemory));
        Row("replica: bytes of a key in memory", Each(few.KnownHeap, fewKeys), Each(all.KnownHeap, manyKeys));
        Row("first decision of a key, 32 at once, us: p50, p99", Numbers(few.Cold), Numbers(all.Cold));
        Row("decision of any key, one at a time, us: p50, p99", Numbers(few.Uniform), Numbers(all.Uniform));
        double active = (double)all.ActiveMemory / manyKeys;
        bool isKept = active <= MostBytes;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(isKept ? "kept" : "NOT KEPT")}: an active key takes at most {MostBytes:N0} bytes of Redis: {active:F0}"));
        double ratio = all.Uniform[1] / few.Uniform[1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(ratio <= 1.5 ? "kept" : "NOT KEPT")}: p99 of {manyKeys:N0} keys is at most 1.5 times that of {fewKeys:N0}: {ratio:F2}"));
        return active <= 1.25 * MostBytes;
    }

    private static void Row(string what, string few, string all) => Console.WriteLine($"| {what} | {few} | {all} |");

    private static string Each(long bytes, int keys) => Number((double)bytes / keys);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Numbers(double[] values) => string.Join(", ", values.Select(Number));
}
