using System.Collections.Immutable;
using System.Text.Json;
using Decision.Cli.Sources;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;

namespace Decision.Cli.PolicyTests;

/// <summary>
/// Reads what a test gives: policies, APIs, organisations and keys, inline or from files beside the test. Everything is checked as the server
/// checks it. What is written inline may have no unknown field; Tyk's files may.
/// </summary>
internal sealed class WorldReader(string folder, SourceProblems problems)
{
    /// <summary>The fields that are read here.</summary>
    public static readonly string[] Fields = ["policies", "apis", "organizations", "key", "keys"];

    /// <summary>The name of the key that stands under <c>key</c>.</summary>
    public const string SingleKey = "key";

    /// <summary>The world with what a map adds; what has the same id is replaced.</summary>
    /// <param name="world">The world so far.</param>
    /// <param name="fields">The map.</param>
    /// <param name="nowUs">Keys are made at this moment, and relative dates count from it.</param>
    public TestWorld Read(TestWorld world, NodeReader fields, long nowUs)
    {
        int before = problems.All.Count;
        world = ReadPolicies(world, fields);
        world = ReadApis(world, fields);
        world = ReadOrganizations(world, fields);
        world = ReadKeys(world, fields, nowUs);
        if (problems.All.Count == before && (fields.Find("apis") is not null))
        {
            var findings = new FindingList();
            world.Check(findings);
            AddAll(findings, fields.Find("apis")!, fields.PathOf("apis"));
        }

        return world;
    }

    private TestWorld ReadPolicies(TestWorld world, NodeReader fields)
    {
        const string Name = "policies";
        if (fields.Find(Name) is not { } node)
        {
            return world;
        }

        var policies = world.Policies.ToBuilder();
        var matching = world.Options.Grants.UrlMatching;
        foreach (var (id, one) in Elements(node, fields, Name))
        {
            string path = PathOf(fields, Name, id);
            if (one.Kind == SourceKind.Null && id is not null)
            {
                policies.Remove(id);
            }
            else if (one.Kind == SourceKind.Text && id is null)
            {
                AddFromFile(one, path, (file, findings) => PolicyFile.Read(file, findings, matching), policies);
            }
            else if (Inline(one, path, (json, findings) => PolicyJson.ReadChecked(json, id, findings, matching: matching)) is { } policy)
            {
                policies[policy.Id] = policy;
            }
        }

        return world with { Policies = policies.ToImmutable() };
    }

    private TestWorld ReadApis(TestWorld world, NodeReader fields)
    {
        const string Name = "apis";
        if (fields.Find(Name) is not { } node)
        {
            return world;
        }

        var apis = world.Apis.ToBuilder();
        var matching = world.Options.Grants.UrlMatching;
        foreach (var (id, one) in Elements(node, fields, Name))
        {
            string path = PathOf(fields, Name, id);
            if (one.Kind == SourceKind.Text && id is null)
            {
                AddFromFile(one, path, (file, findings) => ApiDocument.Read(File.ReadAllBytes(file), Path.GetFileName(file), findings, matching), apis);
            }
            else if (Inline(one, path, (json, findings) => ApiJson.ReadChecked(json, id, findings, matching: matching)) is { } api)
            {
                apis[api.Id] = api;
            }
        }

        return world with { Apis = apis.ToImmutable() };
    }

    private TestWorld ReadOrganizations(TestWorld world, NodeReader fields)
    {
        const string Name = "organizations";
        if (fields.Find(Name) is not { } node)
        {
            return world;
        }

        var organizations = world.Organizations.ToBuilder();
        foreach (var (id, one) in Elements(node, fields, Name))
        {
            if (Inline(one, PathOf(fields, Name, id), (json, findings) => OrganizationJson.ReadChecked(json, id, findings)) is { } organization)
            {
                organizations[organization.Id] = organization;
            }
        }

        return world with { Organizations = organizations.ToImmutable() };
    }

    private TestWorld ReadKeys(TestWorld world, NodeReader fields, long nowUs)
    {
        var keys = world.Keys.ToBuilder();
        if (fields.Find("key") is { Kind: not SourceKind.Text } single && ReadKey(SingleKey, single, fields.PathOf("key"), world, nowUs) is { } key)
        {
            keys[SingleKey] = key;
        }

        if (fields.Find("keys") is { } named)
        {
            if (named.Kind != SourceKind.Map)
            {
                fields.Refuse(named, "keys", "a map, name -> session object");
            }

            foreach (var entry in named.Entries)
            {
                string path = $"{fields.PathOf("keys")}.{entry.Name}";
                if (entry.Name is "none" or "unknown")
                {
                    problems.Add(entry.Line, entry.Column, path, $"is a word of its own for requests: take another name than {entry.Name}.");
                }
                else if (ReadKey(entry.Name, entry.Value, path, world, nowUs) is { } read)
                {
                    keys[entry.Name] = read;
                }
            }
        }

        return world with { Keys = keys.ToImmutable() };
    }

    private Key? ReadKey(string name, SourceNode node, string path, TestWorld world, long nowUs)
    {
        var key = Inline(
            node,
            path,
            (json, findings) => KeyJson.ReadChecked(json, findings, "key", isStored: true, world.Options.Grants.UrlMatching),
            (field, value) => field == "expires" && value.Kind == SourceKind.Text ? Expiry(value, $"{path}.expires", nowUs) : null);
        return key is null ? null : key with
        {
            Id = key.Id.Length > 0 ? key.Id : name,
            DateCreatedUs = key.DateCreatedUs != 0 ? key.DateCreatedUs : nowUs,
        };
    }

    // A date, or a duration after the start, beside the Unix seconds that a session has.
    private long Expiry(SourceNode value, string path, long nowUs)
    {
        if (value.Text.StartsWith('+') && Moments.TryDuration(value.Text[1..], out long afterUs))
        {
            return (nowUs + afterUs) / 1_000_000;
        }

        if (Moments.TryMoment(value.Text, out long us))
        {
            return us / 1_000_000;
        }

        problems.Add(value, path, $"is \"{value.Text}\": write Unix seconds, {Moments.MomentHint}, or + and {Moments.DurationHint}.");
        return 0;
    }

    private T? Inline<T>(
        SourceNode node, string path, Func<JsonElement, FindingList, T?> read, Func<string, SourceNode, long?>? replace = null)
        where T : class
    {
        if (node.Kind != SourceKind.Map)
        {
            problems.Add(node, path, $"expected a map, got {node.Description}.");
            return null;
        }

        var findings = new FindingList();
        var value = read(replace is null ? node.ToJson() : node.ToJson(replace), findings);
        AddAll(findings, node, path);
        return value;
    }

    // Warnings are for who writes policies; but an unknown field is most likely a typing error, which would make the test say nothing.
    private void AddAll(FindingList findings, SourceNode node, string path)
    {
        foreach (var finding in findings.Where(IsRefused))
        {
            string field = finding.Field.Length == 0 ? path : finding.Field.StartsWith('[') ? path + finding.Field : $"{path}.{finding.Field}";
            problems.Add(node.Locate(finding.Field), field, finding.Message);
        }
    }

    private static bool IsRefused(Finding finding) =>
        finding.Severity == FindingSeverity.Error || finding.Message.Contains("unknown field", StringComparison.Ordinal);

    private void AddFromFile<T>(
        SourceNode node, string path, Func<string, FindingList, IReadOnlyDictionary<string, T>?> read, ImmutableDictionary<string, T>.Builder into)
    {
        string file = Path.GetFullPath(Path.Combine(folder, node.Text));
        if (!Path.Exists(file))
        {
            problems.Add(node, path, $"\"{node.Text}\" does not exist (paths are relative to the file with the test).");
            return;
        }

        try
        {
            var findings = new FindingList();
            foreach (var (id, value) in read(file, findings) ?? ImmutableDictionary<string, T>.Empty)
            {
                into[id] = value;
            }

            foreach (var finding in findings.Where(finding => finding.Severity == FindingSeverity.Error))
            {
                problems.Add(node, path, finding.ToString());
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(node, path, $"\"{node.Text}\" cannot be read: {unreadable.Message}");
        }
    }

    // A path, a map id -> one, or a list of paths and of ones that name themselves.
    private static IEnumerable<(string? Id, SourceNode Node)> Elements(SourceNode node, NodeReader fields, string name)
    {
        switch (node.Kind)
        {
            case SourceKind.Text:
                return [(null, node)];
            case SourceKind.List:
                return node.Items.Select(static item => ((string?)null, item));
            case SourceKind.Map:
                return node.Entries.Select(static entry => ((string?)entry.Name, entry.Value));
            default:
                fields.Refuse(node, name, "a file's name, a map id -> object, or a list of these");
                return [];
        }
    }

    private static string PathOf(NodeReader fields, string name, string? id) => id is null ? fields.PathOf(name) : $"{fields.PathOf(name)}.{id}";
}
