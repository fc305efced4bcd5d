using Decision.Engine;

namespace Decision.Runtime;

/// <summary>The server's settings that the runtime goes by; read and checked by the server.</summary>
public sealed class RuntimeOptions
{
    /// <summary>What decisions and grants depend on.</summary>
    public EngineOptions Engine { get; set; } = EngineOptions.Default;

    /// <summary>The key of keyed hashes and of sealed secrets, <c>Secrets:Key</c>; at least 16 bytes.</summary>
    public byte[] SecretsKey { get; set; } = [];

    /// <summary>
    /// False where <see cref="SecretsKey"/> is of this process alone, while others share the store: custom keys and signature secrets, which
    /// the others could not read, are then refused.
    /// </summary>
    /// <value>True.</value>
    public bool HasSecretsKey { get; set; } = true;

    /// <summary>Shortest custom key, in characters; <c>Keys:MinimumCustomLength</c>.</summary>
    /// <value>16.</value>
    public int MinimumCustomLength { get; set; } = 16;

    /// <summary>Life of a key that is created without an expiry; <c>Keys:DefaultExpiry</c>. Zero = for ever.</summary>
    public TimeSpan DefaultExpiry { get; set; }

    /// <summary>Keys whose records and grants are held in memory; <c>Cache:Keys</c>.</summary>
    /// <value>100,000.</value>
    public int CachedKeys { get; set; } = 100_000;

    /// <summary>Registered APIs whose decisions are counted apart; <c>Metrics:Apis</c>. 0 = decisions are not counted by API.</summary>
    /// <value>100.</value>
    public int ApisInMetrics { get; set; } = 100;

    /// <summary>
    /// How long a key in memory serves while a shared store fails, since its record was last read or compared there; <c>Cache:MaxStale</c>.
    /// Zero = not at all. No effect with the embedded store.
    /// </summary>
    /// <value>5 minutes.</value>
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Replicas that share each limit while a shared store fails and <c>local</c> counts; <c>Limits:Replicas</c>.</summary>
    /// <value>1.</value>
    public int Replicas { get; set; } = 1;

    /// <summary>What part of a limit one replica may take beforehand where <c>limits_mode</c> is <c>leased</c>; <c>Limits:LeaseShare</c>.</summary>
    /// <value>0.1; 0.001 to 0.5.</value>
    public double LeaseShare { get; set; } = 0.1;

    /// <summary>How often a shared store is asked whether other replicas changed its documents, for a push that was lost; 10 ms to 1 minute.</summary>
    /// <value>500 milliseconds.</value>
    public TimeSpan CatalogPollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the audit log keeps its entries; <c>Audit:Retention</c>. Zero = for ever.</summary>
    /// <value>400 days.</value>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>A file of policies, one JSON object id -> policy; empty = none.</summary>
    public string PolicyFile { get; set; } = "";

    /// <summary>A folder of policy files; counts before <see cref="PolicyFile"/>; empty = none.</summary>
    public string PolicyFolder { get; set; } = "";

    /// <summary>The API registry's file; empty = none.</summary>
    public string ApiFile { get; set; } = "";

    /// <summary>How often files are looked at, beside the operating system's own events.</summary>
    /// <value>1 second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
