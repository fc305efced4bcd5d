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
    /// <summary>
    /// Reads everything and swaps in what differs. What is as it was stays the same object, so that grants compiled from it stay current.
    /// </summary>
    /// <returns>Whether anything differed.</returns>
    /// <exception cref="CatalogException">A stored document cannot be read: nothing is swapped.</exception>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        // From the first document read until the swap nobody here writes, so that no write of this replica is undone.
        await catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await LoadInGateAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            catalog.Gate.Release();
        }
    }

    /// <summary>As <see cref="LoadAsync"/>, for who holds the catalog's gate.</summary>
    public async ValueTask<bool> LoadInGateAsync(CancellationToken cancellation)
    {
        var before = catalog.Store;
        var next = await ReadAsync(before, cancellation).ConfigureAwait(false);
        bool differs = !ReferenceEquals(next.Policies, before.Policies)
            || !ReferenceEquals(next.Apis, before.Apis)
            || !ReferenceEquals(next.Organizations, before.Organizations);
        if (differs)
        {
            catalog.Swap(next, catalog.Files);
        }

        catalog.IsStoreUnread = false;
        return differs;
    }

    private async Task<CatalogLayer> ReadAsync(CatalogLayer before, CancellationToken cancellation)
    {
        var findings = new FindingList();
        var grants = options.Value.Engine.Grants;
        var etags = ImmutableDictionary.CreateBuilder<(DocumentKind, string), string>();
        var policies = await ReadAsync(
            DocumentKind.Policy,
            before.Policies,
            document => DocumentFormat.ReadPolicy(document.Id, document.Json, findings) is { } policy
                ? new PolicyEntry(policy, document.Revision, "store") : null).ConfigureAwait(false);
        var apis = await ReadAsync(
            DocumentKind.Api,
            before.Apis,
            document => DocumentFormat.ReadApi(document.Id, document.Json, findings) is { } api
                ? new ApiEntry(api, document.Revision, "store", grants) : null).ConfigureAwait(false);
        var organizations = await ReadAsync(
            DocumentKind.Organization,
            before.Organizations,
            document => DocumentFormat.ReadOrganization(document.Id, document.Json, findings) is { } organization
                ? new OrganizationEntry(organization, document.Revision, grants) : null).ConfigureAwait(false);
        return findings.HasErrors
            ? throw new CatalogException("The store's policies, APIs or organisations cannot be read.", findings)
            : new CatalogLayer(policies, apis, organizations) { Etags = etags.ToImmutable() };

        async Task<ImmutableDictionary<string, T>> ReadAsync<T>(
            DocumentKind kind, ImmutableDictionary<string, T> known, Func<Document, T?> read)
            where T : class
        {
            var entries = known.ToBuilder();
            var stored = await documents.LoadAsync(kind, cancellation).ConfigureAwait(false);
            foreach (var document in stored)
            {
                etags[(kind, document.Id)] = document.Etag;
                bool isKnown = known.ContainsKey(document.Id) && before.Etags.GetValueOrDefault((kind, document.Id)) == document.Etag;
                if (!isKnown && read(document) is { } value)
                {
                    entries[document.Id] = value;
                }
            }

            entries.RemoveRange(known.Keys.Except(stored.Select(document => document.Id), StringComparer.Ordinal));
            return entries.ToImmutable();
        }
    }
}
