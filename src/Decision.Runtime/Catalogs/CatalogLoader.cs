using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Catalogs;

/// <summary>Reads the store's layer.</summary>
internal sealed class CatalogLoader(Catalog catalog, IDocumentStore documents, IOptions<RuntimeOptions> options)
{
    /// <summary>Reads everything and swaps it in.</summary>
    /// <exception cref="CatalogException">A stored document cannot be read: nothing is swapped.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        await catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var findings = new FindingList();
            var grants = options.Value.Engine.Grants;
            var policies = await ReadAsync(
                DocumentKind.Policy,
                document => DocumentFormat.ReadPolicy(document.Id, document.Json, findings) is { } policy
                    ? new PolicyEntry(policy, document.Revision, "store") : null,
                cancellation).ConfigureAwait(false);
            var apis = await ReadAsync(
                DocumentKind.Api,
                document => DocumentFormat.ReadApi(document.Id, document.Json, findings) is { } api
                    ? new ApiEntry(api, document.Revision, "store", grants) : null,
                cancellation).ConfigureAwait(false);
            var organizations = await ReadAsync(
                DocumentKind.Organization,
                document => DocumentFormat.ReadOrganization(document.Id, document.Json, findings) is { } organization
                    ? new OrganizationEntry(organization, document.Revision, grants) : null,
                cancellation).ConfigureAwait(false);
            if (findings.HasErrors)
            {
                throw new CatalogException("The store's policies, APIs or organisations cannot be read.", findings);
            }

            catalog.Swap(new CatalogLayer(policies, apis, organizations), catalog.Files);
        }
        finally
        {
            catalog.Gate.Release();
        }
    }

    private async Task<ImmutableDictionary<string, T>> ReadAsync<T>(
        DocumentKind kind, Func<Document, T?> read, CancellationToken cancellation)
        where T : class
    {
        var entries = ImmutableDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        foreach (var document in await documents.LoadAsync(kind, cancellation).ConfigureAwait(false))
        {
            if (read(document) is { } value)
            {
                entries[document.Id] = value;
            }
        }

        return entries.ToImmutable();
    }
}
