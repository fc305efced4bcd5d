using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Grants;

namespace Decision.Runtime.Files;

/// <summary>What became of a policy or an API from one set to the next.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Added, changed or removed.</param>
/// <param name="Text">The same for a sentence, with the fields: <c>changed: rate 3 -> 100</c>.</param>
internal sealed record EntryChange(string Id, EntryChangeKind Kind, string Text)
{
    /// <summary>What became of the policies, in the order of their ids.</summary>
    public static IReadOnlyList<EntryChange> OfPolicies(FileSet before, FileSet after) =>
        ReferenceEquals(before.Layer.Policies, after.Layer.Policies)
            ? []
            : Of(before.Layer.Policies, after.Layer.Policies, (id, old, now) => Describe(before.PolicyJson, after.PolicyJson, id, old, now));

    /// <summary>What became of the APIs, in the order of their ids.</summary>
    public static IReadOnlyList<EntryChange> OfApis(FileSet before, FileSet after) =>
        ReferenceEquals(before.Layer.Apis, after.Layer.Apis)
            ? []
            : Of(before.Layer.Apis, after.Layer.Apis, (id, old, now) => Describe(before.ApiJson, after.ApiJson, id, old, now));

    private static List<EntryChange> Of<T>(
        IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, Func<string, T?, T?, string> describe)
        where T : class
    {
        var changes = new List<EntryChange>();
        foreach (string id in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var old = before.GetValueOrDefault(id);
            var now = after.GetValueOrDefault(id);
            if (!ReferenceEquals(old, now))
            {
                var kind = old is null ? EntryChangeKind.Added : now is null ? EntryChangeKind.Removed : EntryChangeKind.Changed;
                changes.Add(new EntryChange(id, kind, describe(id, old, now)));
            }
        }

        return changes;
    }

    private static string Describe(
        ImmutableDictionary<string, byte[]> before, ImmutableDictionary<string, byte[]> after, string id, PolicyEntry? old, PolicyEntry? now)
    {
        if (old is null)
        {
            return $"added ({now!.Source}{(now.Policy.IsLoaded ? "" : ", switched off by active: false")})";
        }

        if (now is null)
        {
            return $"removed (was in {old.Source})";
        }

        bool isSwitched = old.Policy.IsLoaded != now.Policy.IsLoaded;
        string fields = FieldChanges.Between(
            before[id],
            after[id],
            field => field == "meta_data" || old.Policy.ExtraFields.ContainsKey(field) || now.Policy.ExtraFields.ContainsKey(field),
            field => isSwitched && field == "active");
        string switched = !isSwitched ? "" : now.Policy.IsLoaded ? "switched on" : "switched off";
        return Join(switched, Moved(old.Source, now.Source), fields);
    }

    private static string Describe(
        ImmutableDictionary<string, byte[]> before, ImmutableDictionary<string, byte[]> after, string id, ApiEntry? old, ApiEntry? now)
    {
        if (old is null)
        {
            return $"added ({now!.Source})";
        }

        if (now is null)
        {
            return $"removed (was in {old.Source})";
        }

        string fields = FieldChanges.Between(
            before[id], after[id], field => old.Api.ExtraFields.ContainsKey(field) || now.Api.ExtraFields.ContainsKey(field), _ => false);
        return Join("", Moved(old.Source, now.Source), fields);
    }

    private static string Moved(string from, string to) => from == to ? "" : $"moved from {from} to {to}";

    private static string Join(string switched, string moved, string fields) =>
        string.Join(", ", new[] { switched, moved, fields.Length == 0 ? "" : $"changed: {fields}" }.Where(part => part.Length > 0));
}
