using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Policies;
using Decision.Engine.Rules;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Administration;

/// <summary>Administers the store's policies. Those of files are shown, and changed in their files.</summary>
public sealed class PolicyAdministration : DocumentAdministration<Policy>
{
    private readonly CatalogLoader _loader;
    private readonly IKeyStore _keys;
    private readonly RuntimeOptions _options;

    internal PolicyAdministration(
        Catalog catalog, CatalogLoader loader, IDocumentStore documents, IKeyStore keys, AuditTrail audit, TimeProvider time, IOptions<RuntimeOptions> options)
        : base(catalog, documents, audit, time)
    {
        _loader = loader;
        _keys = keys;
        _options = options.Value;
    }

    private protected override DocumentKind Kind => DocumentKind.Policy;

    private protected override string Noun => "policy";

    /// <summary>Everything that is wrong or probably not meant; nothing is stored.</summary>
    public FindingList Validate(Policy policy)
    {
        var findings = new FindingList();
        Check(policy, findings);
        return findings;
    }

    /// <summary>Warns of APIs that the registry has for another organisation: each request of such a key for them is refused.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="findings">Receives a warning for each.</param>
    /// <param name="prefix">Stands before the policy's name, as that of its file.</param>
    public void WarnOfForeignApis(Policy policy, FindingList findings, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(findings);
        var apis = Catalog.Rules.Apis;
        foreach (string id in policy.AccessRights.Keys.Order(StringComparer.Ordinal))
        {
            if (apis.Find(id)?.Api.OrganizationId is { } owner && owner != policy.OrganizationId)
            {
                findings.Warn(
                    $"{prefix}policy {policy.Id}",
                    $"access_rights.{id}",
                    $"names an API of organisation \"{owner}\", and the policy belongs to \"{policy.OrganizationId}\": its keys are refused there with "
                    + "ORGANIZATION_MISMATCH. Leave it out, or give both the same organisation.");
            }
        }
    }

    /// <summary>Removes a policy. While keys use it that is refused, unless forced: those keys may then be refused.</summary>
    /// <returns>How many keys use it.</returns>
    public async ValueTask<long> DeleteAsync(string id, string etag, bool isForced, CancellationToken cancellation)
    {
        long keys = 0;
        await DeleteAsync(
            id,
            etag,
            async () =>
            {
                keys = await CountKeysAsync(id, cancellation).ConfigureAwait(false);
                if (keys > 0 && !isForced)
                {
                    throw new AdministrationException(
                        AdministrationError.FailedPrecondition,
                        $"{keys} {(keys == 1 ? "key uses" : "keys use")} policy {id}: move them to another one first, or set force.");
                }
            },
            cancellation).ConfigureAwait(false);
        return keys;
    }

    // Another replica may have changed it together with others: all of that is in force here before this change is, or it would be a part.
    private protected override async ValueTask CatchUpAsync(string id, string? etag, CancellationToken cancellation)
    {
        if (Catalog.Store.Etags.GetValueOrDefault((Kind, id)) == etag)
        {
            return;
        }

        try
        {
            await _loader.LoadInGateAsync(cancellation).ConfigureAwait(false);
        }
        catch (CatalogException)
        {
            // What cannot be read is told by who follows the store, and keeps nobody from changing the rest.
        }
    }

    private protected override string AuditWord => "policy";

    private protected override string OrganizationOf(Policy value) => value.OrganizationId;

    private protected override string IdOf(Policy value) => value.Id;

    private protected override Policy WithId(Policy value, string id) => value with { Id = id };

    private protected override byte[] Write(Policy value) => DocumentFormat.Write(value);

    private protected override Policy? Read(string id, ReadOnlyMemory<byte> json, FindingList findings) =>
        DocumentFormat.ReadPolicy(id, json, findings);

    private protected override void Check(Policy value, FindingList findings)
    {
        PolicyRules.Check(value, findings, matching: _options.Engine.Grants.UrlMatching);
        WarnOfForeignApis(value, findings);
    }

    private protected override CatalogLayer With(CatalogLayer layer, string id, Policy? value, long revision) => layer with
    {
        Policies = value is null ? layer.Policies.Remove(id) : layer.Policies.SetItem(id, new PolicyEntry(value, revision, "store")),
    };

    private protected override IEnumerable<Stored<Policy>> FromFiles() => Catalog.Files.Policies.Values.Select(Of);

    private protected override Stored<Policy>? FromFile(string id) =>
        Catalog.Files.Policies.TryGetValue(id, out var entry) ? Of(entry) : null;

    private protected override ValueTask<long> CountKeysAsync(string id, CancellationToken cancellation) =>
        _keys.CountUsingAsync([id], cancellation);

    private static Stored<Policy> Of(PolicyEntry entry) => new(entry.Policy, "", entry.Revision, entry.Source);
}
