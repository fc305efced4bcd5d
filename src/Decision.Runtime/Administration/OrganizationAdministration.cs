using Decision.Engine.Findings;
using Decision.Engine.Organizations;
using Decision.Engine.Rules;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Administration;

/// <summary>Administers organisations.</summary>
public sealed class OrganizationAdministration : DocumentAdministration<Organization>
{
    private readonly IKeyStore _keys;
    private readonly RuntimeOptions _options;

    /// <summary>Administers organisations.</summary>
    public OrganizationAdministration(
        Catalog catalog, IDocumentStore documents, IKeyStore keys, AuditTrail audit, TimeProvider time, IOptions<RuntimeOptions> options)
        : base(catalog, documents, audit, time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _keys = keys;
        _options = options.Value;
    }

    private protected override DocumentKind Kind => DocumentKind.Organization;

    private protected override string Noun => "organisation";

    private protected override bool MakesIds => false;

    /// <summary>Removes the record, and with it the organisation's limits. Its keys, policies and APIs stay.</summary>
    public new ValueTask DeleteAsync(string id, string etag, CancellationToken cancellation) => base.DeleteAsync(id, etag, cancellation);

    private protected override string AuditWord => "organization";

    private protected override string OrganizationOf(Organization value) => value.Id;

    private protected override string IdOf(Organization value) => value.Id;

    private protected override Organization WithId(Organization value, string id) => value with { Id = id };

    private protected override byte[] Write(Organization value) => DocumentFormat.Write(value);

    private protected override Organization? Read(string id, ReadOnlyMemory<byte> json, FindingList findings) =>
        DocumentFormat.ReadOrganization(id, json, findings);

    private protected override void Check(Organization value, FindingList findings) => OrganizationRules.Check(value, findings);

    private protected override CatalogLayer With(CatalogLayer layer, string id, Organization? value, long revision) => layer with
    {
        Organizations = value is null
            ? layer.Organizations.Remove(id)
            : layer.Organizations.SetItem(id, new OrganizationEntry(value, revision, _options.Engine.Grants)),
    };

    private protected override IEnumerable<Stored<Organization>> FromFiles() => [];

    private protected override Stored<Organization>? FromFile(string id) => null;

    private protected override ValueTask<long> CountKeysAsync(string id, CancellationToken cancellation) =>
        _keys.CountAsync(new KeyFilter(OrganizationId: id), cancellation);
}
