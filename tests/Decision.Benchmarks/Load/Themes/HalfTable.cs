using System.Globalization;
using System.Text;

namespace Decision.Benchmarks.Load.Themes;

/// <summary>How long calls take at half of what each way does at most.</summary>
internal static class HalfTable
{
    /// <summary>The table in Markdown.</summary>
    /// <param name="rows">A row for each way.</param>
    /// <param name="peaks">What each of them does at most, decisions a second.</param>
    public static string Of(IReadOnlyList<Row> rows, IReadOnlyList<double> peaks)
    {
        string first = rows[0].Way.Name;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"| server | at most, decisions/s | half, as sent | p50, p99, p99.9 us | p99 of {first}'s (range) | CPU us | CPU of Redis us | CPU of the driver us |")
            .AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (row, peak) in rows.Zip(peaks))
        {
            var samples = row.Samples;
            double Middle(Func<Sample, double> figure) => Median.Of(samples, sample => figure(sample.Own));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Way.Name} | {peak:F0} | {Middle(own => own.PerSecond):F0} "
                + $"| {Middle(own => own.P50):F0}, {Middle(own => own.P99):F0}, {Middle(own => own.P999):F0} "
                + $"| {Median.WithRange(samples, sample => sample.Own.P99 / sample.Base.P99)} "
                + $"| {Middle(own => own.Cpu):F1} | {Middle(own => own.StoreCpu):F1} | {Middle(own => own.DriverCpu):F1} |");
        }

        return text.ToString();
    }
}
