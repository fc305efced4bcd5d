namespace Decision.Cli.Import;

/// <summary>The codes that <c>--accept</c> takes.</summary>
internal static class EffectCodes
{
    /// <summary>A rate below 1, or a period that is no whole number of seconds.</summary>
    public const string Times = "times";

    /// <summary>Tyk's time to live of a session.</summary>
    public const string Lifetime = "lifetime";

    /// <summary>Use that is carried over.</summary>
    public const string Usage = "usage";

    /// <summary>Keys with a name of their own.</summary>
    public const string Names = "names";

    /// <summary>Fields of API definitions that have no place here.</summary>
    public const string Api = "api";

    /// <summary>All, as they are written.</summary>
    public static readonly string[] All = [.. Enumerable.Range(1, 26).Select(static number => $"D{number}"), Times, Lifetime, Usage, Names, Api];

    /// <summary>The code as it is written here; null = there is none.</summary>
    public static string? Find(string text) => All.FirstOrDefault(code => code.Equals(text, StringComparison.OrdinalIgnoreCase));
}
