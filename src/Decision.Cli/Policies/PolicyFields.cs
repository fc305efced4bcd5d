using System.CommandLine;
using Decision.Cli.Records;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

/// <summary>The options that set fields of a policy; the rest is for files.</summary>
internal sealed class PolicyFields
{
    private readonly bool _isUpdate;
    private readonly Option<string?> _name = new("--name") { Description = "A name for readers.", HelpName = "TEXT" };
    private readonly Option<string?> _organization = new("--org") { Description = "The organisation that owns the policy.", HelpName = "ORG" };
    private readonly Option<string[]> _apis;
    private readonly LimitOptions _limits = new();
    private readonly Option<string[]> _covers = new("--cover") { Description = "A group that it covers; may be repeated. Default: all of them.", HelpName = "GROUP" };
    private readonly Option<string?> _trial = new("--key-expires-in") { Description = "New keys with it expire after this time (a trial policy), as 14d.", HelpName = "TIME" };
    private readonly TextListOptions _tags;
    private readonly Option<string?> _enforcement = new("--enforcement") { Description = "enforce, or shadow: count and report, but let through.", HelpName = "WORD" };

    public PolicyFields(bool isUpdate)
    {
        _isUpdate = isUpdate;
        _apis = new("--api") { Description = isUpdate ? "An API to grant too; may be repeated." : "An API to grant; may be repeated.", HelpName = "API" };
        _covers.AcceptOnlyFromAmong("acl", "rate_limit", "quota", "complexity", "per_api");
        _tags = new("tags", "tag", "A tag", "TAG", isUpdate);
    }

    public IReadOnlyList<Symbol> Symbols => [_name, _organization, _apis, .. _limits.Symbols, _covers, _trial, .. _tags.Symbols, _enforcement];

    public void Apply(ParseResult parsed, RecordChange<Policy> change)
    {
        SetText(parsed, change, _name, "name");
        SetText(parsed, change, _organization, "org_id");
        foreach (string api in parsed.GetValue(_apis) ?? [])
        {
            if (!_isUpdate || !change.Record.AccessRights.ContainsKey(api))
            {
                change.Record.AccessRights[api] = new AccessRight { ApiId = api };
            }

            change.Touch("access_rights");
        }

        _limits.Apply(parsed, change);
        if (parsed.GetValue(_covers) is { Length: > 0 } groups)
        {
            change.Set("partitions", new PolicyPartitions
            {
                Acl = groups.Contains("acl"),
                RateLimit = groups.Contains("rate_limit"),
                Quota = groups.Contains("quota"),
                Complexity = groups.Contains("complexity"),
                PerApi = groups.Contains("per_api"),
            });
        }

        if (parsed.GetValue(_trial) is { } trial)
        {
            change.Set("key_expires_in", (long)DurationText.Read(trial, _trial.Name).TotalSeconds);
        }

        _tags.Apply(parsed, change);
        SetText(parsed, change, _enforcement, "enforcement");
    }

    private static void SetText(ParseResult parsed, RecordChange<Policy> change, Option<string?> option, string field)
    {
        if (parsed.GetValue(option) is { } text)
        {
            change.Set(field, text);
        }
    }
}
