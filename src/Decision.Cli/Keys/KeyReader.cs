using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

/// <summary>Reads keys from the service.</summary>
internal static class KeyReader
{
    /// <summary>Keys by id, of all pages.</summary>
    /// <param name="session">The session.</param>
    /// <param name="filter">Which; its size and token do not matter.</param>
    /// <param name="limit">The most to read.</param>
    /// <param name="total">Is told how many there are in all, with each page.</param>
    public static IAsyncEnumerable<Key> ListAsync(Session session, ListKeysRequest filter, long limit = long.MaxValue, Action<long>? total = null) =>
        Pages.ReadAsync<Key>(
            async (size, token) =>
            {
                var request = filter.Clone();
                (request.PageSize, request.PageToken) = (size, token);
                var page = await session.Keys.ListKeysAsync(request);
                total?.Invoke(page.TotalSize);
                return (page.Keys, page.NextPageToken);
            },
            limit);

    public static async Task<Key> GetAsync(Session session, string id) => (await session.Keys.GetKeyAsync(new GetKeyRequest { KeyId = id })).Key;
}
