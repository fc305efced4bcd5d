using Decision.Runtime.Observation.Usage;

namespace Decision.Console.Components.Pages.Usage;

/// <summary>Whose use somebody looks at, and how far back.</summary>
/// <param name="keptDays">Days that are kept.</param>
public sealed class UsageQuery(int keptDays)
{
    /// <summary>More hours than this are shown as days: a screen has no more room.</summary>
    private const int MostHours = 24 * 31;

    private static readonly int[] Usual = [1, 7, 30, 90];

    /// <summary>The word of a kind in addresses.</summary>
    public static readonly (string Word, string Label, UsageKind Kind)[] Kinds =
        [("key", "Key", UsageKind.Key), ("policy", "Policy", UsageKind.Policy), ("api", "API", UsageKind.Api)];

    /// <summary>Whose: a word of <see cref="Kinds"/>.</summary>
    public string Word { get; set; } = "policy";

    /// <summary>The id.</summary>
    public string Id { get; set; } = "";

    /// <summary>How many days back.</summary>
    public int Days { get; set; } = 1;

    /// <summary>What has a bar: <c>hour</c> or <c>day</c>.</summary>
    public string By { get; set; } = "hour";

    /// <summary>Whether each day has a bar, not each hour.</summary>
    public bool IsByDay => By == "day" || IsByDayOnly;

    /// <summary>Whose.</summary>
    public UsageKind Kind => Kinds.FirstOrDefault(one => one.Word == Word, Kinds[1]).Kind;

    /// <summary>Whether hours are too many to be shown.</summary>
    public bool IsByDayOnly => Days * 24 > MostHours;

    /// <summary>Numbers of days to choose from.</summary>
    public IEnumerable<int> Ranges => Usual.Where(days => days <= keptDays).Append(keptDays).Distinct();

    /// <summary>The first hour: of a day the first one, unless it is only about one day.</summary>
    public DateTimeOffset StartAt(DateTimeOffset now) => Days == 1
        ? new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero).AddHours(-23)
        : new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - Days);
}
