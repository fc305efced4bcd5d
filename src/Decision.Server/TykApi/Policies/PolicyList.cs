using Decision.Engine.Policies;
using Decision.Runtime.Administration;

namespace Decision.Server.TykApi.Policies;

/// <summary>All policies, of the store and of files.</summary>
internal static class PolicyList
{
    private const int Page = 1000;

    public static async Task<IReadOnlyList<Policy>> ReadAsync(PolicyAdministration policies, CancellationToken cancellation)
    {
        var all = new List<Policy>();
        string next = "";
        do
        {
            var page = await policies.ListAsync(static _ => true, "", next, Page, cancellation);
            all.AddRange(page.Items.Select(stored => stored.Value));
            next = page.NextPageToken;
        }
        while (next.Length > 0);

        return all;
    }
}
