using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Grpc.Core;

namespace Decision.Cli.Import.Planning;

/// <summary>What the service has already, so that a second import changes nothing.</summary>
internal sealed class ServiceState
{
    private readonly Session? _session;

    private ServiceState(Session? session) => _session = session;

    /// <summary>Policies by id, of files too.</summary>
    public Dictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    /// <summary>API records by id, of files too.</summary>
    public Dictionary<string, Api> Apis { get; } = new(StringComparer.Ordinal);

    /// <summary>Nothing is known: the plan is made without the service.</summary>
    public static ServiceState Unknown { get; } = new(null);

    /// <summary>Asks the service.</summary>
    public static async Task<ServiceState> ReadAsync(Session session)
    {
        var state = new ServiceState(session);
        await foreach (var policy in Decision.Cli.Policies.PolicyReader.ListAsync(session))
        {
            state.Policies[policy.Id] = policy;
        }

        var apis = Pages.ReadAsync<Api>(async (size, token) =>
        {
            var page = await session.Apis.ListApisAsync(new ListApisRequest { PageSize = size, PageToken = token });
            return (page.Apis, page.NextPageToken);
        });
        await foreach (var api in apis)
        {
            state.Apis[api.ApiId] = api;
        }

        return state;
    }

    /// <summary>The key with a text; null = there is none.</summary>
    public async Task<Key?> FindKeyAsync(string text)
    {
        if (_session is null)
        {
            return null;
        }

        string id = (await _session.Keys.FindKeyAsync(new FindKeyRequest { ApiKey = text })).KeyId;
        if (id.Length == 0)
        {
            return null;
        }

        try
        {
            return (await _session.Keys.GetKeyAsync(new GetKeyRequest { KeyId = id })).Key;
        }
        catch (RpcException gone) when (gone.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Units used of a key's quotas, by scope.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> UsageAsync(Session session, string keyId) =>
        (await session.Keys.GetUsageAsync(new GetUsageRequest { KeyId = keyId })).Usages
        .Where(static usage => usage.Name == "quota")
        .GroupBy(static usage => usage.Scope, StringComparer.Ordinal)
        .ToDictionary(static usages => usages.Key, static usages => usages.Max(static usage => usage.Used), StringComparer.Ordinal);

    /// <summary>What is still to be added, so that a key has used as much as at Tyk.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MissingUsageAsync(string keyId, IReadOnlyDictionary<string, long> wanted)
    {
        if (_session is null || wanted.Count == 0)
        {
            return wanted;
        }

        var used = await UsageAsync(_session, keyId);
        return wanted.Where(one => used.GetValueOrDefault(one.Key) < one.Value)
            .ToDictionary(static one => one.Key, one => one.Value - used.GetValueOrDefault(one.Key), StringComparer.Ordinal);
    }

    /// <summary>A policy of the service, as the engine takes it; null = there is none.</summary>
    public Engine.Policies.Policy? FindPolicy(string id)
    {
        if (!Policies.TryGetValue(id, out var policy))
        {
            return null;
        }

        var json = ProtoJson.Of(policy);
        foreach (string answer in new[] { "etag", "revision", "source", "object_id" })
        {
            json.Remove(answer);
        }

        if (json["extra_fields"] is JsonObject extra)
        {
            json.Remove("extra_fields");
            foreach (var (name, value) in extra.ToList())
            {
                extra.Remove(name);
                json[name] = value;
            }
        }

        var findings = new FindingList();
        return PolicyJson.Read(JsonSerializer.SerializeToElement(json), id, findings)
            ?? throw CommandException.Refused($"Policy {id} of the service cannot be read by this version of the tool: {findings[0]}");
    }
}
