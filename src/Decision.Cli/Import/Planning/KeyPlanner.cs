using System.Collections.Immutable;
using Decision.Cli.Import.Differences;
using Decision.Cli.Import.Reading;
using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Cli.Import.Planning;

/// <summary>Decides for each key whether and how it is carried over.</summary>
internal sealed class KeyPlanner
{
    private const string SharedPattern = "rate_limit_pattern";

    // Credentials that are checked at Tyk and not here: the key's text alone, which is no secret for these, would open everything.
    private static readonly (string Field, string Inner, string What)[] OtherCredentials =
        [("basic_auth_data", "password", "a password"), ("jwt_data", "secret", "a JWT secret"), ("certificate", "", "a client certificate")];

    private readonly Dictionary<string, Policy> _policies = new(StringComparer.Ordinal);
    private readonly PolicySet _set;
    private readonly ServiceState _state;
    private readonly IReadOnlyDictionary<string, string> _listenPaths;
    private readonly int _minimumLength;
    private readonly long _nowSeconds;

    public KeyPlanner(
        TykMaterial material, ServiceState state, IReadOnlyDictionary<string, string> listenPaths, int minimumLength, long nowSeconds)
    {
        foreach (string id in state.Policies.Keys.Where(id => !material.Policies.ContainsKey(id)))
        {
            _policies[id] = state.FindPolicy(id)!;
        }

        foreach (var (id, policy) in material.Policies)
        {
            _policies[id] = policy;
        }

        _set = new PolicySet(_policies.Values.Select(static policy => new PolicyEntry(policy, 0, "import")));
        (_state, _listenPaths, _minimumLength, _nowSeconds) = (state, listenPaths, minimumLength, nowSeconds);
    }

    /// <summary>What can be said without the service.</summary>
    public PreparedKey Prepare(TykKey source)
    {
        var findings = new FindingList();
        var key = KeyJson.ReadChecked(source.Session, findings);
        string name = KeyNames.Of(source, key?.Alias ?? "");
        if (key is null)
        {
            return PreparedKey.OfListed(name, string.Join(' ', findings.Where(static finding => finding.Severity == FindingSeverity.Error).Select(static finding => $"{finding.Field}: {finding.Message}")));
        }

        if (Unusable(source) is { } reason)
        {
            return PreparedKey.OfListed(name, reason);
        }

        var policies = key.ApplyPolicies.Where(_policies.ContainsKey).Select(id => _policies[id]).ToList();
        string[] missing = [.. key.ApplyPolicies.Where(id => !_policies.ContainsKey(id))];
        if (missing.Length > 0 && !policies.Exists(static policy => policy is { IsLoaded: true } && (policy.Partitions.PerApi || !policy.Partitions.IsPartitioned)))
        {
            return PreparedKey.OfListed(
                name,
                $"names policy {string.Join(", ", missing)}, which exists neither in what is imported nor at the service. Without it the key would be wider than meant (D25): import the policy as well.");
        }

        var (stored, left) = StoredKey.Of(key, policies, [.. key.ApplyPolicies.Where(_policies.ContainsKey)]);
        var merged = KeyMerge.Apply(stored, _set, GrantOptions.Default);
        if (merged.Failure is Reason.OrganizationMismatch or Reason.PolicyInvalid)
        {
            return PreparedKey.OfListed(name, $"{merged.FailureFinding} Tyk refuses such a key as well.");
        }

        if (merged.RequiresSignature && key.HmacString.Length == 0)
        {
            return PreparedKey.OfListed(
                name, "must sign its requests, and its secret (hmac_string) is not in what was read: a new one would be made that the client does not have. RSA signatures are not checked here. Make a new key.");
        }

        var facts = new KeyFacts("key " + name, key, policies, missing, merged, _listenPaths);
        var usage = SessionUsage.Of(source.Session, key, policies, merged, _nowSeconds);
        return new PreparedKey(
            new ReadyKey(name, source.Text!, stored, usage, merged.Metadata.ContainsKey(SharedPattern)),
            null,
            [.. KeyDifferences.Of(facts), .. Further(facts, source, left, usage)]);
    }

    /// <summary>Whether the service has the key, and what would change.</summary>
    public async Task<PlannedKey> LookUpAsync(ReadyKey ready)
    {
        var wanted = Messages.Of(ready.Key);
        var found = await _state.FindKeyAsync(ready.Text);
        if (found is null)
        {
            return new PlannedKey(ready.Name, ready.Text, new Planned<V1.Key>("", wanted, PlannedAction.Create), ready.Usage, ready.SharesCounters);
        }

        wanted.KeyId = found.KeyId;
        var usage = await _state.MissingUsageAsync(found.KeyId, ready.Usage);

        // Of shared counters the whole use is given: what another key adds meanwhile is taken off when it is written.
        usage = ready.SharesCounters && usage.Count > 0 ? ready.Usage : usage;
        var action = Messages.AreEqual(found, wanted) ? PlannedAction.Unchanged : PlannedAction.Update;
        return new PlannedKey(ready.Name, ready.Text, new Planned<V1.Key>(found.KeyId, wanted, action, found.Etag), usage, ready.SharesCounters);
    }

    private string? Unusable(TykKey source)
    {
        if (source.Text is null)
        {
            string hash = TykToken.HashName(source.Hash!) ?? "hash";
            return $"only its {hash} is known, and a key is found here by HMAC-SHA-256 of its text: import an export with the texts, or make a new key and hand it out.";
        }

        foreach (var (field, inner, what) in OtherCredentials)
        {
            if (source.Session.TextAt(inner.Length > 0 ? [field, inner] : [field]).Length > 0)
            {
                return $"is checked with {what} at Tyk, which is not done here: its name alone would open what it grants. Make a new key.";
            }
        }

        return CustomKey.IsUsable(source.Text, _minimumLength, out string? problem) ? null
            : source.Text.Length < _minimumLength ? $"has {source.Text.Length} characters; the service asks for {_minimumLength} (Keys:MinimumCustomLength, --min-key-length). Make a new key and hand it out."
            : problem!;
    }

    private static IEnumerable<Effect> Further(KeyFacts facts, TykKey source, IReadOnlyList<string> left, IReadOnlyDictionary<string, long> usage)
    {
        if (left.Count > 0)
        {
            yield return facts.Effect(
                "D26", EffectKind.Cosmetic, $"{string.Join(", ", left)}: what its policies give is left to them, and not stored with the key; without the policy it is gone.");
        }

        if (usage.Count > 0)
        {
            yield return facts.Effect(
                EffectCodes.Usage, EffectKind.Narrows, "what it has used of its quota is carried over; the period begins anew with the import, and so ends later than at Tyk.");
        }

        var token = TykToken.Read(source.Text!);
        if (token is { IsNamed: true, Organization.Length: > 0 })
        {
            yield return facts.Effect(
                EffectCodes.Names, EffectKind.Narrows, "has a name of its own: Tyk takes the name alone as well, and here only the whole key is one.");
        }
    }
}

/// <summary>A key, as far as it can be judged without the service.</summary>
/// <param name="Ready">What is to be stored; null = it cannot be.</param>
/// <param name="Listed">Why it cannot be; null = it can.</param>
/// <param name="Effects">The differences that apply.</param>
internal sealed record PreparedKey(ReadyKey? Ready, ListedKey? Listed, ImmutableArray<Effect> Effects)
{
    public static PreparedKey OfListed(string name, string reason) => new(null, new ListedKey(name, reason), []);
}

/// <summary>A key that can be stored.</summary>
internal sealed record ReadyKey(string Name, string Text, Engine.Keys.Key Key, IReadOnlyDictionary<string, long> Usage, bool SharesCounters);
