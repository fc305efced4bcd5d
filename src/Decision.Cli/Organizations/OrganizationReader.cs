using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Organizations;

/// <summary>Reads organisations from the service.</summary>
internal static class OrganizationReader
{
    /// <summary>Organisations by id, of all pages.</summary>
    /// <param name="session">The session.</param>
    /// <param name="limit">The most to read.</param>
    public static IAsyncEnumerable<Organization> ListAsync(Session session, long limit = long.MaxValue) => Pages.ReadAsync<Organization>(
        async (size, token) =>
        {
            var page = await session.Organizations.ListOrganizationsAsync(new ListOrganizationsRequest { PageSize = size, PageToken = token });
            return (page.Organizations, page.NextPageToken);
        },
        limit);

    public static async Task<Organization> GetAsync(Session session, string id) =>
        (await session.Organizations.GetOrganizationAsync(new GetOrganizationRequest { OrganizationId = id })).Organization;
}
