using System.Globalization;

namespace Decision.Benchmarks.Load;

/// <summary>Several figures of one thing, of which the middle counts.</summary>
internal static class Median
{
    /// <summary>The middle one.</summary>
    public static double Of<T>(IEnumerable<T> samples, Func<T, double> figure)
    {
        double[] sorted = [.. samples.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The middle one, and from where to where they go.</summary>
    public static string WithRange<T>(IReadOnlyList<T> samples, Func<T, double> figure) => string.Create(
        CultureInfo.InvariantCulture, $"{Of(samples, figure):F2} ({samples.Min(figure):F2} to {samples.Max(figure):F2})");
}
