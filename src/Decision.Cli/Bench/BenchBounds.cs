using System.Globalization;
using Decision.Cli.Values;

namespace Decision.Cli.Bench;

/// <summary>What ends a run, whichever comes first.</summary>
/// <param name="Concurrency">Calls under way at a time.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Count">How many calls it may make.</param>
/// <param name="IsCounted">Whether the count is what was asked for, and not the time.</param>
internal sealed record BenchBounds(int Concurrency, TimeSpan Time, long Count, bool IsCounted)
{
    /// <summary>In words.</summary>
    public string Bound => IsCounted
        ? string.Create(CultureInfo.InvariantCulture, $"{Count:N0} times")
        : $"for {DurationText.Write(Time)}";
}
