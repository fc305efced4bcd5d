using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Organizations;
using Decision.Engine.Paths;
using Decision.Engine.Policies;

namespace Decision.Engine.Tests.Cases;

/// <summary>Policies, APIs, organisations and keys of a case at one moment, read as the server reads them.</summary>
internal sealed class CaseWorld
{
    private const string SingleKey = "key";

    private readonly CaseOptions _written;
    private readonly FindingList _findings = [];
    private readonly Dictionary<string, PolicyEntry> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Grant> _grants = new(StringComparer.Ordinal);
    private ApiRegistry _apis = ApiRegistry.Empty;
    private OrganizationSet _organizations = OrganizationSet.Empty;

    public CaseWorld(GoldenCase one)
    {
        _written = one.Options;
        Options = OptionsOf(one.Options);
        ReadPolicies(one.Policies);
        ReadApis(one.Apis);
        ReadOrganizations(one.Organizations);
        ReadKeys(one.Key, one.Keys);
        Rules = NewRules();
    }

    public EngineOptions Options { get; }

    public RuleSet Rules { get; private set; }

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The key of a name; empty = the only one.</summary>
    public Key? Key(string name) => _keys.GetValueOrDefault(name.Length > 0 ? name : SingleKey);

    /// <summary>The key's grant, compiled again only where it is not current, as the runtime does.</summary>
    public Grant? GrantOf(string name)
    {
        if (Key(name) is not { } key)
        {
            return null;
        }

        if (!_grants.TryGetValue(key.Id, out var grant) || !grant.IsCurrent(Rules.Policies))
        {
            _grants[key.Id] = grant = GrantCompiler.Compile(key, Rules.Policies, Options.Grants);
        }

        return grant;
    }

    public void Apply(CaseEdit edit)
    {
        ReadPolicies(edit.Policies);
        if (edit.Apis is not null)
        {
            ReadApis(edit.Apis);
        }

        if (edit.Organizations is not null)
        {
            ReadOrganizations(edit.Organizations);
        }

        ReadKeys(edit.Key, edit.Keys);
        Rules = NewRules();
    }

    private static EngineOptions OptionsOf(CaseOptions written) => EngineOptions.Default with
    {
        PathNormalization = Word<PathNormalization>(written.PathNormalization),
        Grants = new GrantOptions
        {
            AllowMasterKeys = written.AllowMasterKeys,
            UrlMatching = Word<UrlMatching>(written.UrlMatching),
            Mode = Word<Settings.LimitsMode>(written.LimitsMode),
            Enforcement = Word<Settings.Enforcement>(written.Enforcement),
            OnStoreFailureRate = Word<Settings.StoreFailureMode>(written.OnStoreFailure),
            OnStoreFailureQuota = Word<Settings.StoreFailureMode>(written.OnStoreFailure),
        },
    };

    private static T Word<T>(string word)
        where T : struct, Enum =>
        Enum.GetValues<T>().First(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == word);

    private RuleSet NewRules() => new(new PolicySet(_policies.Values), _apis, _organizations, Options);

    private void ReadPolicies(Dictionary<string, JsonElement> policies)
    {
        foreach (var (id, json) in policies)
        {
            _policies.Remove(id);
            if (json.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var policy = _written.Unchecked
                ? PolicyJson.Read(json, id, _findings)
                : PolicyJson.ReadChecked(json, id, _findings, matching: Options.Grants.UrlMatching);
            if (policy is not null)
            {
                _policies[id] = new PolicyEntry(policy, 1, "store");
            }
        }
    }

    private void ReadApis(List<JsonElement> apis)
    {
        var read = apis.Select(json => _written.Unchecked
            ? ApiJson.Read(json, null, _findings)
            : ApiJson.ReadChecked(json, null, _findings, matching: Options.Grants.UrlMatching));
        _apis = new ApiRegistry([.. read.OfType<Api>().Select(api => new ApiEntry(api, 1, "store", Options.Grants))], _findings);
    }

    private void ReadOrganizations(List<JsonElement> organizations)
    {
        var read = organizations.Select(json => _written.Unchecked
            ? OrganizationJson.Read(json, null, _findings)
            : OrganizationJson.ReadChecked(json, null, _findings));
        _organizations = new OrganizationSet([.. read.OfType<Organization>().Select(one => new OrganizationEntry(one, 1, Options.Grants))]);
    }

    private void ReadKeys(JsonElement? single, Dictionary<string, JsonElement> named)
    {
        var all = single is { } json ? named.Append(new(SingleKey, json)) : named;
        foreach (var (name, session) in all)
        {
            var key = _written.Unchecked
                ? KeyJson.Read(session, _findings, name, isStored: true)
                : KeyJson.ReadChecked(session, _findings, name, isStored: true, matching: Options.Grants.UrlMatching);
            if (key is not null)
            {
                _keys[name] = key with { Id = key.Id.Length > 0 ? key.Id : name };
                _grants.Remove(_keys[name].Id);
            }
        }
    }
}
