using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Apis;

/// <summary>Reads APIs from the service.</summary>
internal static class ApiReader
{
    /// <summary>APIs by id, of all pages.</summary>
    /// <param name="session">The session.</param>
    /// <param name="organization">Only those of this organisation; null = of all.</param>
    /// <param name="limit">The most to read.</param>
    public static IAsyncEnumerable<Api> ListAsync(Session session, string? organization = null, long limit = long.MaxValue) => Pages.ReadAsync<Api>(
        async (size, token) =>
        {
            var request = new ListApisRequest { PageSize = size, PageToken = token };
            if (organization is not null)
            {
                request.OrganizationId = organization;
            }

            var page = await session.Apis.ListApisAsync(request);
            return (page.Apis, page.NextPageToken);
        },
        limit);

    public static async Task<Api> GetAsync(Session session, string id) => (await session.Apis.GetApiAsync(new GetApiRequest { ApiId = id })).Api;
}
