using System.Globalization;
using Decision.Benchmarks.Load.Themes;

namespace Decision.Benchmarks.Load;

/// <summary>What the caller wants measured, by the arguments and the environment.</summary>
internal sealed record LoadOptions
{
    public const string Usage = "usage: eng/load.sh [--quick] [--write] [--all | --calls --ways --shapes --keys --policies --replicas --latency --observed]";

    // Below those that the system gives to clients (32768 and above), one of which may be taken at any moment.
    private const int DefaultRounds = 5, DefaultBasePort = 20950;

    /// <summary>The themes, in the order of the list.</summary>
    public required IReadOnlyList<Theme> Themes { get; init; }

    /// <summary>One short round of each case, to see that it works.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether the tables are put into docs/performance.md.</summary>
    public bool Writes { get; init; }

    /// <summary>Rounds of each case.</summary>
    public int Rounds { get; init; }

    /// <summary>The first port that is listened on.</summary>
    public int BasePort { get; init; }

    /// <summary>Settings of redis-server.</summary>
    public IReadOnlyList<string> RedisArguments { get; init; } = [];

    /// <summary>Settings of the servers on Redis.</summary>
    public IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>A server that is published already; null = it is published first.</summary>
    public string? Program { get; init; }

    /// <summary>Seconds that a round of a case is to last.</summary>
    public double Seconds => IsQuick ? 0.5 : 3;

    /// <summary>As it was called.</summary>
    public string Command { get; init; } = "";

    /// <summary>Reads them.</summary>
    /// <returns>Null where they make no sense, <paramref name="problem"/> says why.</returns>
    public static LoadOptions? Read(string[] args, Func<string, string?> environment, out string problem)
    {
        problem = "";
        var themes = new List<string>();
        bool isQuick = false, writes = false;
        foreach (string argument in args)
        {
            switch (argument)
            {
                case "--quick":
                    isQuick = true;
                    break;
                case "--write":
                    writes = true;
                    break;
                case "--all":
                    themes.AddRange(ThemeList.Names);
                    break;
                case ['-', '-', .. var name] when ThemeList.Names.Contains(name):
                    themes.Add(name);
                    break;
                default:
                    problem = $"{argument} is not known.\n{Usage}";
                    return null;
            }
        }

        if (!TryNumber(environment, "ROUNDS", DefaultRounds, 1, 100, out int rounds, ref problem)
            || !TryNumber(environment, "BASE_PORT", DefaultBasePort, 1024, 55_000, out int basePort, ref problem))
        {
            return null;
        }

        string? program = Text(environment, "PROGRAM");
        if (program is not null && !File.Exists(program))
        {
            problem = $"PROGRAM is {program}, which is not there.";
            return null;
        }

        return new LoadOptions
        {
            Themes = [.. ThemeList.Names.Where(themes.DefaultIfEmpty(ThemeList.Names[0]).Contains).Select(name => ThemeList.Of(name, isQuick))],
            IsQuick = isQuick,
            Writes = writes,
            Rounds = isQuick ? 1 : rounds,
            BasePort = basePort,
            RedisArguments = Words(Text(environment, "REDIS_ARGS") ?? "--appendonly no"),
            ServerArguments = Words(Text(environment, "SERVER_ARGS") ?? ""),
            Program = program is null ? null : Path.GetFullPath(program),
            Command = string.Join(' ', (string[])[.. Asked(environment, isQuick), "eng/load.sh", .. args]),
        };
    }

    // What changes the figures, as a caller writes it.
    private static IEnumerable<string> Asked(Func<string, string?> environment, bool isQuick) =>
        from name in (string[])["ROUNDS", "REDIS_ARGS", "SERVER_ARGS", "PROGRAM"]
        let text = Text(environment, name)
        where text is not null && !(isQuick && name == "ROUNDS")
        select text.Contains(' ', StringComparison.Ordinal) ? $"{name}='{text}'" : $"{name}={(name == "PROGRAM" ? Path.GetFileName(text) : text)}";

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 } text ? text : null;

    private static bool TryNumber(Func<string, string?> environment, string name, int fallback, int least, int most, out int number, ref string problem)
    {
        number = fallback;
        if (Text(environment, name) is not { } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most))
        {
            return true;
        }

        problem = $"{name} is \"{text}\": write a number from {least} to {most}.";
        return false;
    }
}
