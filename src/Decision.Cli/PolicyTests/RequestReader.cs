using Decision.Cli.Sources;
using Decision.Engine;
using Decision.Engine.Signatures;

namespace Decision.Cli.PolicyTests;

/// <summary>Reads the steps of a case: requests with what is expected of them, and edits between them.</summary>
internal sealed class RequestReader
{
    private const int MostTurns = 100_000;

    private static readonly string[] AskedFields =
        ["api", "host", "method", "path", "version", "ip", "depth", "cost", "organization", "headers", "key"];

    private static readonly string[] StepFields = [.. AskedFields, "note", "at", "advance", "repeat", "edit", "expect"];

    private readonly SourceProblems _problems;
    private readonly ExpectationReader _expectations;

    // From the case to the suite: the first that has a field counts.
    private readonly IReadOnlyList<NodeReader> _defaults;
    private readonly string? _key;

    /// <summary>Reads steps with the defaults of a suite.</summary>
    public RequestReader(SourceProblems problems, SourceNode? defaults, string path)
        : this(problems, Opened(problems, defaults, path), null)
    {
    }

    private RequestReader(SourceProblems problems, IReadOnlyList<NodeReader> defaults, string? key) =>
        (_problems, _expectations, _defaults, _key) = (problems, new ExpectationReader(problems), defaults, key);

    /// <summary>The same with the defaults of a case before those of the suite.</summary>
    public RequestReader With(SourceNode? defaults, string path, string? key, SourceNode? keyNode) =>
        new(_problems, [.. Opened(_problems, defaults, path), .. _defaults], keyNode is null ? _key : key ?? WorldReader.SingleKey);

    /// <summary>Reads one step.</summary>
    /// <returns>Null where it is none; the problems say why.</returns>
    public PolicyTestStep? Read(SourceNode node, string path, long startUs, long nowUs, TestWorld world, WorldReader worlds)
    {
        if (NodeReader.Open(node, path, _problems, StepFields) is not { } fields)
        {
            return null;
        }

        long atUs = Moment(fields, startUs, nowUs);
        if (fields.Find("edit") is { } edit)
        {
            return Edit(fields, edit, atUs, world, worlds);
        }

        var chain = new FieldChain(fields, _defaults);
        if (fields.Find("expect") is not { } expect)
        {
            _problems.Add(node, $"{path}.expect", "is missing: say what the verdict must be, such as expect: allowed.");
            return null;
        }

        return new PolicyTestStep
        {
            Line = node.Line,
            AtUs = atUs,
            Note = fields.Text("note") ?? "",
            Request = Request(chain, world),
            Expect = _expectations.Read(expect, $"{path}.expect"),
            Repeat = (int)(fields.Whole("repeat", 1, MostTurns) ?? 1),
        };
    }

    private PolicyTestStep? Edit(NodeReader fields, SourceNode edit, long atUs, TestWorld world, WorldReader worlds)
    {
        foreach (var other in fields.Node.Entries.Where(entry => entry.Name is not ("edit" or "at" or "advance" or "note")))
        {
            _problems.Add(other.Line, other.Column, fields.PathOf(other.Name), "cannot stand beside edit: write the request as a step of its own.");
        }

        return NodeReader.Open(edit, fields.PathOf("edit"), _problems, WorldReader.Fields) is { } changes
            ? new PolicyTestStep { Line = fields.Node.Line, AtUs = atUs, Edited = worlds.Read(world, changes, atUs) }
            : null;
    }

    private TestRequest Request(FieldChain fields, TestWorld world)
    {
        string? name = fields.Text("key") ?? _key;
        if (name is null && world.Keys.Count == 1)
        {
            name = world.Keys.Keys.Single();
        }

        name ??= WorldReader.SingleKey;
        if (name is not ("none" or "unknown") && !world.Keys.ContainsKey(name))
        {
            string known = world.Keys.IsEmpty ? "There are none." : $"There are {string.Join(", ", world.Keys.Keys.Order(StringComparer.Ordinal))}.";
            _problems.Add(
                fields.Find("key") ?? fields.Own.Node,
                fields.Own.PathOf("key"),
                $"\"{name}\" is no key of this case: give it under key or keys, or write none for a request without a key. {known}");
        }

        return new TestRequest(
            name is "none" or "unknown" ? null : name,
            name == "unknown",
            new AccessRequest(fields.Text("api") ?? "", fields.Text("method") ?? "GET", fields.Text("path") ?? "/")
            {
                Host = fields.Text("host"),
                ApiVersion = fields.Text("version"),
                Cost = fields.Whole("cost", 0, long.MaxValue) ?? 0,
                QueryDepth = (int)(fields.Whole("depth", 0, int.MaxValue) ?? 0),
                ClientIp = fields.Text("ip"),
                OrganizationId = fields.Text("organization"),
                Headers = Headers(fields),
            });
    }

    private SignedHeader[]? Headers(FieldChain fields)
    {
        if (fields.Find("headers") is not { } node)
        {
            return null;
        }

        if (node.Kind != SourceKind.Map)
        {
            _problems.Add(node, fields.Own.PathOf("headers"), $"expected a map, name -> value, got {node.Description}.");
        }

        return [.. node.Entries.Select(static entry => new SignedHeader(entry.Name, entry.Value.Text))];
    }

    // at: counts from the start of the case, advance: from the step before.
    private long Moment(NodeReader fields, long startUs, long nowUs)
    {
        long us = nowUs;
        if (fields.Text("advance") is { } advance)
        {
            if (fields.Find("at") is not null)
            {
                _problems.Add(fields.Find("advance")!, fields.PathOf("advance"), "and at exclude each other: write one of them.");
            }
            else if (Moments.TryDuration(advance.TrimStart('+'), out long afterUs))
            {
                us = nowUs + afterUs;
            }
            else
            {
                _problems.Add(fields.Find("advance")!, fields.PathOf("advance"), $"is \"{advance}\": write {Moments.DurationHint}.");
            }
        }
        else if (fields.Text("at") is { } at)
        {
            if (at.StartsWith('+') && Moments.TryDuration(at[1..], out long afterUs))
            {
                us = startUs + afterUs;
            }
            else if (!Moments.TryMoment(at, out us))
            {
                _problems.Add(fields.Find("at")!, fields.PathOf("at"), $"is \"{at}\": write + and {Moments.DurationHint}, or {Moments.MomentHint}.");
                return nowUs;
            }

            if (us < nowUs)
            {
                _problems.Add(fields.Find("at")!, fields.PathOf("at"), "is before the step above: the clock goes forward only.");
            }
        }

        return us;
    }

    private static IReadOnlyList<NodeReader> Opened(SourceProblems problems, SourceNode? defaults, string path) =>
        defaults is not null && NodeReader.Open(defaults, path, problems, AskedFields) is { } opened ? [opened] : [];

    // A field of the step, else of the case's defaults, else of the suite's.
    private sealed class FieldChain(NodeReader own, IReadOnlyList<NodeReader> defaults)
    {
        public NodeReader Own => own;

        public SourceNode? Find(string name) => Holder(name)?.Find(name);

        public string? Text(string name) => Holder(name)?.Text(name);

        public long? Whole(string name, long smallest, long largest) => Holder(name)?.Whole(name, smallest, largest);

        private NodeReader? Holder(string name) => own.Find(name) is not null ? own : defaults.FirstOrDefault(one => one.Find(name) is not null);
    }
}
