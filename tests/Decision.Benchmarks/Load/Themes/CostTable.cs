using System.Globalization;
using System.Text;

namespace Decision.Benchmarks.Load.Themes;

/// <summary>What each way costs beside the first.</summary>
internal static class CostTable
{
    /// <summary>The table in Markdown.</summary>
    public static string Of(IReadOnlyList<Row> rows)
    {
        string first = rows[0].Way.Name;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"| calls at once | server | decisions/s | of {first} (range) | p50, p99, p99.9 us | CPU us | CPU of Redis us | CPU of {first} (range) | bytes | CPU of the driver us |")
            .AppendLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            var samples = row.Samples;
            double Middle(Func<Sample, double> figure) => Median.Of(samples, sample => figure(sample.Own));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Calls.AtOnce} | {row.Way.Name} | {Middle(own => own.PerSecond):F0} | {Median.WithRange(samples, sample => sample.Own.PerSecond / sample.Base.PerSecond)} "
                + $"| {Middle(own => own.P50):F0}, {Middle(own => own.P99):F0}, {Middle(own => own.P999):F0} "
                + $"| {Middle(own => own.Cpu):F1} | {Middle(own => own.StoreCpu):F1} | {Median.WithRange(samples, CpuOfBase)} "
                + $"| {Middle(own => own.Bytes):F0} | {Middle(own => own.DriverCpu):F1} |");
        }

        return text.ToString();
    }

    // Redis' own CPU is part of what a decision costs.
    private static double CpuOfBase((Sample Own, Sample Base) sample) =>
        sample.Base.Cpu + sample.Base.StoreCpu is > 0 and var of ? (sample.Own.Cpu + sample.Own.StoreCpu) / of : 0;
}
