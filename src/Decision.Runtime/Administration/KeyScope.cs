using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>The keys that a caller may see: a filter for each of its organisations, and their keys as one list.</summary>
internal static class KeyScope
{
    /// <summary>The filters whose keys the caller sees.</summary>
    /// <exception cref="AdministrationException">The filter names an organisation that is not the caller's.</exception>
    public static IReadOnlyList<KeyFilter> Of(KeyFilter filter)
    {
        var actor = Actor.Current;
        if (filter.OrganizationId is { } organization)
        {
            actor.Require(organization, $"list of organisation \"{organization}\"");
        }

        return actor.IsScoped && filter.OrganizationId is null
            ? [.. actor.Organizations.Select(id => filter with { OrganizationId = id })]
            : [filter];
    }

    /// <summary>A page of all of them in the order of their ids.</summary>
    public static async ValueTask<List<KeyRecord>> ListAsync(
        IKeyStore store, IReadOnlyList<KeyFilter> filters, string afterId, int size, CancellationToken cancellation)
    {
        var found = new List<KeyRecord>();
        foreach (var filter in filters)
        {
            found.AddRange(await store.ListAsync(filter, afterId, size, cancellation).ConfigureAwait(false));
        }

        return filters.Count == 1 ? found : [.. found.OrderBy(record => record.Key.Id, StringComparer.Ordinal).Take(size)];
    }

    /// <summary>How many they are.</summary>
    public static async ValueTask<long> CountAsync(IKeyStore store, IReadOnlyList<KeyFilter> filters, CancellationToken cancellation)
    {
        long count = 0;
        foreach (var filter in filters)
        {
            count += await store.CountAsync(filter, cancellation).ConfigureAwait(false);
        }

        return count;
    }
}
