using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Runtime.Catalogs;

namespace Decision.Runtime.Files;

/// <summary>The file layer that is, or would be, in force, with the canonical JSON that changes are told by.</summary>
internal sealed record FileSet(
    CatalogLayer Layer,
    ImmutableDictionary<string, byte[]> PolicyJson,
    ImmutableDictionary<string, byte[]> ApiJson)
{
    public static FileSet Empty { get; } = new(
        CatalogLayer.Empty,
        ImmutableDictionary.Create<string, byte[]>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, byte[]>(StringComparer.Ordinal));

    public int SwitchedOff => Layer.Policies.Values.Count(entry => !entry.Policy.IsLoaded);

    /// <summary>
    /// Makes the set. What is as in <paramref name="before"/> is the same object here, so that what was compiled from it stays current.
    /// </summary>
    public static FileSet Build(FileContent content, FileSet before, GrantOptions grants)
    {
        var policies = before.Layer.Policies.ToBuilder();
        var policyJson = before.PolicyJson.ToBuilder();
        Remove(policies, policyJson, content.Policies);
        foreach (var (id, (policy, source)) in content.Policies)
        {
            byte[] json = DocumentFormat.Write(policy);
            if (!IsSame(policies.GetValueOrDefault(id)?.Source, source, policyJson.GetValueOrDefault(id), json))
            {
                policies[id] = new PolicyEntry(policy, 0, source);
                policyJson[id] = json;
            }
        }

        var apis = before.Layer.Apis.ToBuilder();
        var apiJson = before.ApiJson.ToBuilder();
        Remove(apis, apiJson, content.Apis);
        foreach (var (id, (api, source)) in content.Apis)
        {
            byte[] json = DocumentFormat.Write(api);
            if (!IsSame(apis.GetValueOrDefault(id)?.Source, source, apiJson.GetValueOrDefault(id), json))
            {
                apis[id] = new ApiEntry(api, 0, source, grants);
                apiJson[id] = json;
            }
        }

        var layer = before.Layer with { Policies = policies.ToImmutable(), Apis = apis.ToImmutable() };
        return new FileSet(layer, policyJson.ToImmutable(), apiJson.ToImmutable());
    }

    private static bool IsSame(string? sourceBefore, string source, byte[]? jsonBefore, byte[] json) =>
        sourceBefore == source && jsonBefore is not null && jsonBefore.AsSpan().SequenceEqual(json);

    private static void Remove<TEntry, TRead>(
        ImmutableDictionary<string, TEntry>.Builder entries,
        ImmutableDictionary<string, byte[]>.Builder json,
        IReadOnlyDictionary<string, TRead> kept)
    {
        foreach (string id in entries.Keys.Where(id => !kept.ContainsKey(id)).ToArray())
        {
            entries.Remove(id);
            json.Remove(id);
        }
    }
}
