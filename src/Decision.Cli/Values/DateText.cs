using System.Globalization;
using Decision.Cli.Failures;

namespace Decision.Cli.Values;

/// <summary>Moments as people write them; without a zone, in UTC.</summary>
internal static class DateText
{
    /// <summary>Reads <c>2027-01-31</c>, <c>2027-01-31 12:00</c> or <c>2027-01-31T12:00:00+01:00</c>.</summary>
    /// <exception cref="CommandException">It is no such moment.</exception>
    public static DateTimeOffset Read(string text, string option) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && text.Contains('-', StringComparison.Ordinal)
            ? time
            : throw CommandException.WrongUse($"{option} '{text}' is not a date: write 2027-01-31 or 2027-01-31T12:00:00Z.");
}
