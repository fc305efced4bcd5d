using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Rules;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Keys;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Administration;

/// <summary>Makes, shows, changes and removes keys. What it answers is durable and in force.</summary>
public sealed partial class KeyAdministration
{
    /// <summary>The longest time for which an old text may still be accepted after a rotation.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(90);

    /// <summary>How the finding on <c>access_rights</c> begins that refuses a key which names no API, by itself or by a policy.</summary>
    public const string NoAccessRights = "keys must have at least one Access Rights record set";

    private const int Attempts = 5;

    private readonly Catalog _catalog;
    private readonly IKeyStore _store;
    private readonly ICounterStore _counters;
    private readonly KeyDirectory _directory;
    private readonly KeySecrets _secrets;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;
    private readonly RuntimeOptions _options;
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    internal KeyAdministration(
        Catalog catalog,
        IKeyStore store,
        ICounterStore counters,
        KeyDirectory directory,
        KeySecrets secrets,
        AuditTrail audit,
        TimeProvider time,
        IOptions<RuntimeOptions> options)
    {
        _catalog = catalog;
        _store = store;
        _counters = counters;
        _directory = directory;
        _secrets = secrets;
        _audit = audit;
        _time = time;
        _options = options.Value;
    }

    /// <summary>Makes a key.</summary>
    /// <param name="settings">What it may do; id, creation time and trial state are set here.</param>
    /// <param name="customKey">The key's text, where the caller has one; empty = one is made.</param>
    /// <param name="allowsUnknownPolicies">True = a policy that does not exist is skipped as the rules say (Tyk's REST), not refused.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public ValueTask<CreatedKey> CreateAsync(
        Key settings, string customKey, bool allowsUnknownPolicies, CancellationToken cancellation) =>
        InGateAsync(() => CreateInGateAsync(settings, customKey, allowsUnknownPolicies, cancellation), cancellation);

    private async ValueTask<CreatedKey> CreateInGateAsync(
        Key settings, string customKey, bool allowsUnknownPolicies, CancellationToken cancellation)
    {
        Actor.Current.Require(settings.OrganizationId, "new key");
        var findings = new FindingList();
        long nowUs = _time.NowUs();
        var key = settings with
        {
            Id = KeySecrets.NewId(),
            DateCreatedUs = nowUs,
            LastUpdated = LastUpdated(nowUs),
            IsTrialSettled = false,
        };
        if (customKey.Length > 0 && !CustomKey.IsUsable(customKey, _options.MinimumCustomLength, out string? problem))
        {
            findings.Error("key", "api_key", problem!);
        }

        var merged = Check(key, allowsUnknownPolicies, findings);
        AdministrationException.ThrowIfErrors(findings);
        key = KeyExpiry.ForCreation(key, merged, nowUs, DefaultExpiryOf(key.OrganizationId));
        if (key.Expires > 0 && key.Expires * 1_000_000 < nowUs)
        {
            findings.Warn("key", "expires", $"{key.Expires} lies in the past: the key is expired from the start.");
        }

        string hmac = key.HmacString.Length > 0 ? key.HmacString : merged.RequiresSignature ? KeySecrets.NewHmacString() : "";
        bool isCustom = customKey.Length > 0;
        RequireSecretsKey(isCustom || hmac.Length > 0);
        string text = isCustom ? customKey : KeySecrets.NewToken(key.Id);
        var record = new KeyRecord
        {
            Key = key with { HmacString = "" },
            Hashes = [_secrets.Hash(text, isCustom)],
            SealedHmacString = _secrets.Seal(key.Id, hmac),
            Version = KeySecrets.NewVersion(),
        };
        cancellation.ThrowIfCancellationRequested();
        bool isCreated;
        try
        {
            isCreated = await _audit.RunAsync(
                KeyActs.Of("key.create", null, record), () => _store.CreateAsync(record, CancellationToken.None), static isDone => isDone).ConfigureAwait(false);
        }
        finally
        {
            // Also where the store failed: it may have written and only not said so.
            _directory.Records.Forget(record);
        }

        if (!isCreated)
        {
            throw new AdministrationException(AdministrationError.AlreadyExists, "A key with this text exists already: update it, or take another text.");
        }

        return new CreatedKey(record, text, hmac, findings);
    }

    /// <summary>The key as stored.</summary>
    public async ValueTask<KeyRecord> GetAsync(string keyId, CancellationToken cancellation)
    {
        var record = await _store.FindAsync(keyId, cancellation).ConfigureAwait(false) ?? throw NotFound(keyId);
        Actor.Current.Require(record.Key.OrganizationId, "key " + record.Key.Id);
        return record;
    }

    /// <summary>The id of the key with this text; null = none has it that the caller may see.</summary>
    public async ValueTask<string?> FindIdAsync(string apiKey, CancellationToken cancellation)
    {
        var found = await _directory.FindAsync(apiKey, _time.NowUs(), _counters.ComparesKeys, cancellation).ConfigureAwait(false);
        return found.Presence == KeyPresence.Found && Actor.Current.Includes(found.Entry!.Record.Key.OrganizationId) ? found.Entry.Record.Key.Id : null;
    }

    /// <summary>The key with its policies applied, and what its counters hold.</summary>
    public async ValueTask<EffectiveKey> GetEffectiveAsync(string keyId, CancellationToken cancellation)
    {
        var record = await GetAsync(keyId, cancellation).ConfigureAwait(false);
        var grant = GrantOf(record.Key);
        return new EffectiveKey(record, grant, await _counters.ReadAsync(ChargesOf(grant), cancellation).ConfigureAwait(false));
    }

    /// <summary>What a key would be, with its policies applied; nothing is stored.</summary>
    /// <exception cref="StoreException">The store's policies were not loaded yet.</exception>
    public MergedKey Preview(Key key)
    {
        _catalog.ThrowIfStoreUnread();
        return KeyMerge.Apply(key, _catalog.Rules.Policies, _options.Engine.Grants);
    }

    /// <summary>Keys that fit the filter and that the caller may see, in the order of their ids.</summary>
    public async ValueTask<StoredPage<KeyRecord>> ListAsync(KeyFilter filter, string pageToken, int pageSize, CancellationToken cancellation)
    {
        int size = PageSize.Read(pageSize);
        string after = PageToken.Read(pageToken, "key" + filter);
        var filters = KeyScope.Of(filter);
        var page = await KeyScope.ListAsync(_store, filters, after, size + 1, cancellation).ConfigureAwait(false);
        bool hasMore = page.Count > size;
        if (hasMore)
        {
            page.RemoveAt(size);
        }

        long total = await KeyScope.CountAsync(_store, filters, cancellation).ConfigureAwait(false);
        return new StoredPage<KeyRecord>(page, hasMore ? PageToken.After(page[^1].Key.Id, "key" + filter) : "", total);
    }

    /// <summary>Changes a key; the next request goes by it.</summary>
    public async ValueTask<UpdatedKey> UpdateAsync(string keyId, KeyChange change, CancellationToken cancellation)
    {
        FindingList findings = [];
        string made = "";
        var record = await ReplaceAsync(
            "key.update",
            keyId,
            change.Etag,
            before =>
            {
                findings = [];
                var mergedBefore = Preview(before.Key);
                var key = change.Apply(before.Key) with
                {
                    Id = keyId,
                    DateCreatedUs = before.Key.DateCreatedUs,
                    LastUpdated = LastUpdated(_time.NowUs()),
                };
                Actor.Current.Require(key.OrganizationId, "changed key");
                var merged = Check(key, change.AllowsUnknownPolicies, findings);
                AdministrationException.ThrowIfErrors(findings);
                key = KeyExpiry.ForUpdate(before.Key, mergedBefore, key, merged, change.NamesExpires, change.SaysExpires);
                made = key.HmacString.Length == 0 && merged.RequiresSignature && before.SealedHmacString.Length == 0
                    ? KeySecrets.NewHmacString() : "";
                string secret = key.HmacString.Length > 0 ? key.HmacString : made;
                RequireSecretsKey(secret.Length > 0);
                return before with
                {
                    Key = key with { HmacString = "" },
                    SealedHmacString = secret.Length > 0 ? _secrets.Seal(keyId, secret) : before.SealedHmacString,
                };
            },
            cancellation).ConfigureAwait(false);
        return new UpdatedKey(record, made, findings);
    }

    private void RequireSecretsKey(bool isNeeded)
    {
        if (isNeeded && !_options.HasSecretsKey)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition,
                "Custom keys and signature secrets need Secrets:Key: set the same one on every replica that uses this store.");
        }
    }

    private MergedKey Check(Key key, bool allowsUnknownPolicies, FindingList findings)
    {
        KeyRules.Check(key, findings, matching: _options.Engine.Grants.UrlMatching);
        if (!allowsUnknownPolicies)
        {
            PolicySetRules.CheckKey(key, _catalog.Rules.Policies.ById, findings);
        }

        var merged = Preview(key);
        if (allowsUnknownPolicies && merged.Failure is not (Reason.Allowed or Reason.PolicyInactive))
        {
            // What may be skipped was skipped: this key would be refused at every request.
            findings.Error("key", "apply_policies", merged.FailureFinding);
        }

        if (merged.IsMaster && merged.MissingPolicies.IsEmpty && !_options.Engine.Grants.AllowMasterKeys)
        {
            findings.Error(
                "key",
                "access_rights",
                NoAccessRights + ", by themselves or by a policy; Keys:AllowMasterKeys lets such a key call every API.");
        }

        return merged;
    }

    private Grant GrantOf(Key key)
    {
        _catalog.ThrowIfStoreUnread();
        return GrantCompiler.Compile(key, _catalog.Rules.Policies, _options.Engine.Grants);
    }

    private long DefaultExpiryOf(string organizationId) =>
        _catalog.Rules.Organizations.Find(organizationId)?.Organization.KeyDefaultExpiry switch
        {
            > 0 and var seconds => seconds,
            < 0 => 0,
            _ => (long)_options.DefaultExpiry.TotalSeconds,
        };

    private static string LastUpdated(long nowUs) => (nowUs / 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void CheckEtag(KeyRecord record, string etag)
    {
        if (etag.Length > 0 && etag != KeyEtag.Write(record.Version))
        {
            throw Changed(record.Key.Id);
        }
    }

    private static AdministrationException Changed(string keyId) => new(
        AdministrationError.Conflict, $"Key {keyId} was changed since it was read (etag): read it again and repeat the change.");

    // The text may be a key that was put in the id's place: it must not come back in a message or a log.
    private static AdministrationException NotFound(string keyId) => new(
        AdministrationError.NotFound,
        KeyToken.IsId(keyId) ? $"There is no key {keyId}." : "There is no key with this id; ids have 16 letters and digits, and are not the key itself.");
}
