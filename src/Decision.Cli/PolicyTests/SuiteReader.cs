using System.Text.Json;
using Decision.Cli.Sources;
using Decision.Engine;

namespace Decision.Cli.PolicyTests;

/// <summary>Reads a file of policy tests. Everything that is wrong is told at once, with line and field.</summary>
internal sealed class SuiteReader
{
    // A fixed moment in the middle of a month and a day, so that no test depends on the day it runs.
    private const string DefaultClock = "2026-01-15T12:00:00Z";

    private static readonly string[] SuiteFields = ["$schema", "name", "note", "clock", "options", "defaults", "cases", .. WorldReader.Fields];
    private static readonly string[] CaseFields = ["name", "note", "clock", "options", "defaults", "requests", .. WorldReader.Fields];

    private static readonly string[] OptionFields =
        ["allow_master_keys", "url_matching", "path_normalization", "enforcement", "quota_exceeded_status"];

    private readonly SourceProblems _problems;
    private readonly WorldReader _worlds;
    private readonly string _file;

    private SuiteReader(string file, SourceProblems problems)
    {
        (_file, _problems) = (file, problems);
        _worlds = new WorldReader(Path.GetDirectoryName(Path.GetFullPath(file))!, problems);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, as it was named.</param>
    /// <param name="problems">Receives what is wrong with it.</param>
    /// <returns>Null where anything is wrong.</returns>
    public static PolicyTestSuite? Read(string file, SourceProblems problems)
    {
        if (SourceFile.Read(file, problems) is not { } root || NodeReader.Open(root, "", problems, SuiteFields) is not { } fields)
        {
            return null;
        }

        var suite = new SuiteReader(file, problems).Suite(fields);
        return problems.All.Count == 0 ? suite : null;
    }

    private PolicyTestSuite Suite(NodeReader fields)
    {
        long clockUs = Clock(fields, null);
        var settings = Settings(fields, new CaseSettings(EngineOptions.Default, 429));
        var world = _worlds.Read(new TestWorld { Options = settings.Engine }, fields, clockUs);
        var requests = new RequestReader(_problems, fields.Find("defaults"), fields.PathOf("defaults"));
        var cases = new List<PolicyTestCase>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (fields.List("cases") is not { Count: > 0 } items)
        {
            _problems.Add(fields.Node, "cases", "is missing or empty: write at least one case.");
            items = [];
        }

        for (int index = 0; index < items.Count; index++)
        {
            string path = $"cases[{index}]";
            if (NodeReader.Open(items[index], path, _problems, CaseFields) is not { } one)
            {
                continue;
            }

            string name = one.Text("name") ?? "";
            if (name.Length == 0)
            {
                _problems.Add(items[index], $"{path}.name", "is missing: say what the case shows.");
            }
            else if (!names.Add(name))
            {
                _problems.Add(one.Find("name")!, $"{path}.name", $"\"{name}\" is there twice: take another name.");
            }

            cases.Add(Case(one, name, fields, world, settings, clockUs, requests));
        }

        return new PolicyTestSuite(_file, fields.Text("name") ?? Path.GetFileName(_file), cases);
    }

    private PolicyTestCase Case(
        NodeReader fields, string name, NodeReader suite, TestWorld world, CaseSettings settings, long clockUs, RequestReader requests)
    {
        long startUs = Clock(fields, clockUs);
        if (fields.Find("options") is not null)
        {
            settings = Settings(fields, settings);
        }

        world = world with { Options = settings.Engine };

        // Keys of the suite are made when the case starts.
        if (startUs != clockUs)
        {
            world = new WorldReader(Path.GetDirectoryName(Path.GetFullPath(_file))!, new SourceProblems(_file)).Read(world, suite, startUs);
        }

        world = _worlds.Read(world, fields, startUs);
        string? key = fields.Find("key") is { Kind: SourceKind.Text } named ? named.Text : null;
        requests = requests.With(fields.Find("defaults"), fields.PathOf("defaults"), key, fields.Find("key"));
        var steps = new List<PolicyTestStep>();
        if (fields.List("requests") is not { Count: > 0 } items)
        {
            _problems.Add(fields.Node, fields.PathOf("requests"), "is missing or empty: write at least one request with expect.");
            items = [];
        }

        long nowUs = startUs;
        var current = world;
        for (int index = 0; index < items.Count; index++)
        {
            if (requests.Read(items[index], $"{fields.PathOf("requests")}[{index}]", startUs, nowUs, current, _worlds) is { } step)
            {
                steps.Add(step);
                nowUs = step.AtUs;
                current = step.Edited ?? current;
            }
        }

        return new PolicyTestCase(name, fields.Node.Line, startUs, world, settings.QuotaExceededStatus, steps);
    }

    private long Clock(NodeReader fields, long? outer)
    {
        if (fields.Text("clock") is not { } text)
        {
            Moments.TryMoment(DefaultClock, out long usual);
            return outer ?? usual;
        }

        if (!Moments.TryMoment(text, out long us))
        {
            _problems.Add(fields.Find("clock")!, fields.PathOf("clock"), $"is \"{text}\": write {Moments.MomentHint}.");
        }

        return us;
    }

    private CaseSettings Settings(NodeReader fields, CaseSettings outer)
    {
        if (fields.Find("options") is not { } node || NodeReader.Open(node, fields.PathOf("options"), _problems, OptionFields) is not { } options)
        {
            return outer;
        }

        var grants = outer.Engine.Grants;
        return new CaseSettings(
            outer.Engine with
            {
                PathNormalization = Word(options, "path_normalization", outer.Engine.PathNormalization),
                Grants = grants with
                {
                    AllowMasterKeys = options.Flag("allow_master_keys") ?? grants.AllowMasterKeys,
                    UrlMatching = Word(options, "url_matching", grants.UrlMatching),
                    Enforcement = Word(options, "enforcement", grants.Enforcement),
                },
            },
            options.Word("quota_exceeded_status", "429", "403") is { } status
                ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)
                : outer.QuotaExceededStatus);
    }

    private static T Word<T>(NodeReader options, string name, T absent)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        return options.Word(name, [.. words.Keys]) is { } word ? words[word] : absent;
    }

    private sealed record CaseSettings(EngineOptions Engine, int QuotaExceededStatus);
}
