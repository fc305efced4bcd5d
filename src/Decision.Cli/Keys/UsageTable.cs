using System.Globalization;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Keys;

/// <summary>The use of limits, drawn as bars.</summary>
internal static class UsageTable
{
    private const int BarWidth = 16;

    public static void Write(IAnsiConsole console, IEnumerable<Usage> usages, TimeProvider time)
    {
        var table = Tables.Create("LIMIT", "COUNTED ON", "USE", "USED", "LEFT", "WHOLE AGAIN");
        foreach (var usage in usages)
        {
            table.AddRow(
                new Text(LimitText.InForce(usage.Name, usage.Limit, usage.Period, usage.QuotaPeriod)),
                new Text(usage.Origin == usage.Scope || usage.Scope == $"policy:{usage.Origin}" ? usage.Scope : $"{usage.Scope} (set by {usage.Origin})"),
                Bar(usage),
                new Text(usage.Used.ToString(CultureInfo.InvariantCulture)),
                new Text(LimitText.Units(usage.Remaining)),
                new Text(usage.ResetsAt is { } reset ? TimeText.FromNow(reset, time) : usage.Used == 0 ? "" : "never"));
        }

        console.WriteTable(table);
    }

    private static Text Bar(Usage usage)
    {
        double share = usage.Limit <= 0 ? 0 : Math.Clamp((double)usage.Used / usage.Limit, 0, 1);

        // What is used is seen, however little; the bar is full only where nothing is left.
        int full = share is > 0 and < 1 ? Math.Clamp((int)Math.Round(share * BarWidth), 1, BarWidth - 1) : (int)(share * BarWidth);
        var color = share >= 1 ? Color.Red : share >= 0.75 ? Color.Yellow : Color.Green;
        return new Text(new string('█', full) + new string('░', BarWidth - full), new Style(color));
    }
}
