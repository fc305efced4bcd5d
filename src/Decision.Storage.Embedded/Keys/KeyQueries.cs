using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Keys;

/// <summary>The statement of a filter: it starts from the filter's narrowest index, and the other parts are tested on what that finds.</summary>
/// <remarks>Parameters are always the same: $0 organisation, $1 policy, $2 tag, $3 alias, $4 after this id, $5 size.</remarks>
internal static class KeyQueries
{
    private static readonly string[] Pages = [.. Enumerable.Range(0, 16).Select(Page)];
    private static readonly string[] Counts = [.. Enumerable.Range(0, 16).Select(parts => "SELECT COUNT(*) " + Body(parts, "''"))];

    /// <summary>A page of records in the order of the ids.</summary>
    public static string PageOf(KeyFilter filter) => Pages[PartsOf(filter)];

    /// <summary>How many there are.</summary>
    public static string CountOf(KeyFilter filter) => Counts[PartsOf(filter)];

    private static int PartsOf(KeyFilter filter) =>
        (filter.OrganizationId is null ? 0 : 1) | (filter.PolicyId is null ? 0 : 2) | (filter.Tag is null ? 0 : 4) | (filter.Alias is null ? 0 : 8);

    private static string Page(int parts) => "SELECT k.record " + Body(parts, "$4") + " ORDER BY " + IdOf(parts) + " LIMIT $5";

    private static string IdOf(int parts) => (parts & 2) != 0 ? "p.key_id" : (parts & 4) != 0 ? "t.key_id" : "k.id";

    // CROSS JOIN keeps SQLite from changing the order of the tables; a leading + keeps a condition from choosing the index.
    private static string Body(int parts, string after)
    {
        bool byPolicy = (parts & 2) != 0;
        bool byTag = (parts & 4) != 0;
        bool byAlias = (parts & 8) != 0;
        string from = byPolicy ? "FROM key_policies p CROSS JOIN keys k ON k.id = p.key_id"
            : byTag ? "FROM key_tags t CROSS JOIN keys k ON k.id = t.key_id"
            : "FROM keys k";
        string where = " WHERE " + IdOf(parts) + " > " + after;
        where += byPolicy ? " AND p.policy_id = $1" : "";
        where += !byTag ? "" : byPolicy ? " AND EXISTS (SELECT 1 FROM key_tags t WHERE t.tag = $2 AND t.key_id = k.id)" : " AND t.tag = $2";
        where += !byAlias ? "" : byPolicy || byTag ? " AND +k.alias = $3" : " AND k.alias = $3";
        where += (parts & 1) == 0 ? "" : byPolicy || byTag || byAlias ? " AND +k.organization_id = $0" : " AND k.organization_id = $0";
        return from + where;
    }
}
