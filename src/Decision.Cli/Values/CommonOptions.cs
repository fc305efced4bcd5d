using System.CommandLine;

namespace Decision.Cli.Values;

/// <summary>Options that several commands take.</summary>
internal static class CommonOptions
{
    /// <summary><c>-f FILE</c>, from which records are read.</summary>
    public static Option<string?> File(string description) => new("--file", "-f") { Description = description, HelpName = "FILE" };

    /// <summary><c>--yes</c>, which agrees beforehand.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    /// <summary><c>--etag</c>, with which a change made meanwhile is not lost.</summary>
    public static Option<string?> Etag() => new("--etag") { Description = "Only where it was not changed since it was read with this etag.", HelpName = "ETAG" };
}
