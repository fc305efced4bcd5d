using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Administration;

/// <summary>Administers the store's part of the API registry.</summary>
public sealed class ApiAdministration : DocumentAdministration<Api>
{
    private readonly RuntimeOptions _options;

    /// <summary>Administers APIs.</summary>
    public ApiAdministration(Catalog catalog, IDocumentStore documents, AuditTrail audit, TimeProvider time, IOptions<RuntimeOptions> options)
        : base(catalog, documents, audit, time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
    }

    private protected override DocumentKind Kind => DocumentKind.Api;

    private protected override string Noun => "API";

    /// <summary>Removes an API from the registry. Keys keep their rights on its id, which is then used as it is given.</summary>
    public new ValueTask DeleteAsync(string id, string etag, CancellationToken cancellation) => base.DeleteAsync(id, etag, cancellation);

    private protected override string AuditWord => "api";

    private protected override string OrganizationOf(Api value) => value.OrganizationId;

    private protected override string IdOf(Api value) => value.Id;

    private protected override Api WithId(Api value, string id) => value with { Id = id };

    private protected override byte[] Write(Api value) => DocumentFormat.Write(value);

    private protected override Api? Read(string id, ReadOnlyMemory<byte> json, FindingList findings) => DocumentFormat.ReadApi(id, json, findings);

    private protected override void Check(Api value, FindingList findings) => ApiRules.Check(value, findings);

    private protected override CatalogLayer With(CatalogLayer layer, string id, Api? value, long revision) => layer with
    {
        Apis = value is null
            ? layer.Apis.Remove(id)
            : layer.Apis.SetItem(id, new ApiEntry(value, revision, "store", _options.Engine.Grants)),
    };

    private protected override IEnumerable<Stored<Api>> FromFiles() => Catalog.Files.Apis.Values.Select(Of);

    private protected override Stored<Api>? FromFile(string id) => Catalog.Files.Apis.TryGetValue(id, out var entry) ? Of(entry) : null;

    private protected override ValueTask<long> CountKeysAsync(string id, CancellationToken cancellation) => new(0);

    private static Stored<Api> Of(ApiEntry entry) => new(entry.Api, "", entry.Revision, entry.Source);
}
