using System.Globalization;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;

namespace Decision.Console.Components.Pages.Audit;

/// <summary>Which entries of the audit log somebody looks for, as it is written.</summary>
public sealed class AuditQuery
{
    /// <summary>The kinds of thing that acts are about.</summary>
    public static readonly string[] Kinds = ["key", "policy", "api", "organization", "credential", "files", "audit", "decision", "activity", "configuration"];

    // As the browser's field for a day and a time has it, with seconds only where somebody wrote some.
    private static readonly string[] Formats = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fff"];

    /// <summary>From when on, UTC; empty = from the beginning.</summary>
    public string Since { get; set; } = "";

    /// <summary>Until when, UTC; empty = until now.</summary>
    public string Until { get; set; } = "";

    /// <summary>A credential's id or name.</summary>
    public string Actor { get; set; } = "";

    /// <summary>An action, or all of a kind with <c>policy.*</c>.</summary>
    public string Action { get; set; } = "";

    /// <summary>A kind of thing.</summary>
    public string Kind { get; set; } = "";

    /// <summary>A thing's id.</summary>
    public string ObjectId { get; set; } = "";

    /// <summary>Whose it is.</summary>
    public string Organization { get; set; } = "";

    /// <summary>What became of it; empty = anything.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>The filter.</summary>
    /// <exception cref="AdministrationException">A time cannot be read.</exception>
    public AuditFilter ToFilter() => new(
        ReadUs(Since, "since"),
        ReadUs(Until, "until"),
        Actor.Trim(),
        Action.Trim(),
        Kind,
        ObjectId.Trim(),
        Organization.Trim() is { Length: > 0 } organization ? organization : null,
        Enum.TryParse<AuditOutcome>(Outcome, out var outcome) ? outcome : null);

    private static long ReadUs(string text, string field) => text.Length == 0 ? 0
        : DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToUnixTimeMilliseconds() * 1000
            : throw new AdministrationException(field, $"\"{text}\" is no time: write it as {Formats[0]}, in UTC.");
}
