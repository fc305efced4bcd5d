using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Audit;

/// <summary>Reads the audit log from the service.</summary>
internal static class AuditReader
{
    /// <summary>Entries of all pages, newest first.</summary>
    public static IAsyncEnumerable<AuditEntry> ListAsync(Session session, ListAuditEntriesRequest request, long limit) => Pages.ReadAsync<AuditEntry>(
        async (size, token) =>
        {
            var asked = request.Clone();
            (asked.PageSize, asked.PageToken) = (size, token);
            var page = await session.Audit.ListAuditEntriesAsync(asked);
            return (page.Entries, page.NextPageToken);
        },
        limit);
}
