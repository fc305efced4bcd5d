using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

/// <summary>Reads policies from the service.</summary>
internal static class PolicyReader
{
    /// <summary>Policies by id, of all pages.</summary>
    /// <param name="session">The session.</param>
    /// <param name="organization">Only those of this organisation; null = of all.</param>
    /// <param name="limit">The most to read.</param>
    public static IAsyncEnumerable<Policy> ListAsync(Session session, string? organization = null, long limit = long.MaxValue) => Pages.ReadAsync<Policy>(
        async (size, token) =>
        {
            var request = new ListPoliciesRequest { PageSize = size, PageToken = token };
            if (organization is not null)
            {
                request.OrganizationId = organization;
            }

            var page = await session.Policies.ListPoliciesAsync(request);
            return (page.Policies, page.NextPageToken);
        },
        limit);

    public static async Task<Policy> GetAsync(Session session, string id) =>
        (await session.Policies.GetPolicyAsync(new GetPolicyRequest { Id = id })).Policy;
}
