using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Policies;

namespace Decision.Cli.Import.Reading;

/// <summary>What was read from Tyk, as it came.</summary>
internal sealed class TykMaterial
{
    /// <summary>Policies by id.</summary>
    public Dictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    /// <summary>API definitions.</summary>
    public List<TykApi> Apis { get; } = [];

    /// <summary>Keys with their sessions.</summary>
    public List<TykKey> Keys { get; } = [];

    /// <summary>What policies have that refuses them (difference D17), and warnings.</summary>
    public FindingList PolicyFindings { get; } = [];

    /// <summary>What there was and could not be read, a sentence each.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Adds policies; an id that is there twice is an error.</summary>
    public void Add(IReadOnlyDictionary<string, Policy>? policies, string source)
    {
        foreach (var (id, policy) in policies ?? new Dictionary<string, Policy>())
        {
            if (!Policies.TryAdd(id, policy))
            {
                PolicyFindings.Error($"{source}: policy {id}", "id", "is in another file as well: rename or remove one of them.");
            }
        }
    }
}

/// <summary>An API definition.</summary>
/// <param name="Source">The file or call that it came from.</param>
/// <param name="Definition">The definition.</param>
internal sealed record TykApi(string Source, JsonElement Definition);

/// <summary>A key.</summary>
/// <param name="Source">The file or call that it came from.</param>
/// <param name="Text">What the client presents; null = only its hash is known.</param>
/// <param name="Hash">Its hash; null = its text is known.</param>
/// <param name="Session">The session object.</param>
internal sealed record TykKey(string Source, string? Text, string? Hash, JsonElement Session);
