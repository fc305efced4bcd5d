using System.Collections.Immutable;
using Decision.Engine;
using Decision.Runtime.Observation.Usage;
using Decision.Server.DecisionLogs;
using Decision.Server.Proxies.ForwardAuth;
using Decision.Server.Telemetry;
using Decision.Server.Tls;
using Decision.Server.WebConsole;
using Decision.Server.Webhooks;

namespace Decision.Server.Configuration;

/// <summary>Every setting, read and checked. Secrets that are null are kept in the data folder.</summary>
internal sealed record ServerSettings
{
    public required ListenSettings Listen { get; init; }

    /// <summary>How long running calls may take to end at a stop.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long calls are still taken after a stop was asked, while ready says no.</summary>
    public TimeSpan DrainDelay { get; init; }

    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Of all headers of a request together.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>How long the headers of a request may take to come.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections on one address; 0 = any number.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Calls at a time on one connection.</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>At what age clients of gRPC are asked to open another connection; zero = at none.</summary>
    public TimeSpan ConnectionAge { get; init; }

    /// <summary>Certificates of the addresses.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>Full path of the file of callers; empty = everyone may ask.</summary>
    public string CallerFile { get; init; } = "";

    public string? AdminSecret { get; init; }

    /// <summary>Full path of the file that holds the admin secret, and is read again when it changes; empty = none.</summary>
    public string AdminSecretFile { get; init; } = "";

    /// <summary>Whether <see cref="AdminSecret"/> counts also where another credential may do everything.</summary>
    public bool IsAdminSecretEnabled { get; init; } = true;

    /// <summary>How long the audit log keeps its entries; zero = for ever.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(400);

    public byte[]? SecretsKey { get; init; }

    /// <summary>Whether keyed hashes and sealed secrets can be used: replicas on one Redis need the same key, so none is made for them.</summary>
    public bool HasSecretsKey => Redis is null || IsSecretsKeySet;

    /// <summary>Whether <c>Secrets:Key</c> was set, not made.</summary>
    public bool IsSecretsKeySet { get; init; }

    /// <summary>Full path.</summary>
    public required string DataPath { get; init; }

    /// <summary>Full path, or <c>:memory:</c>.</summary>
    public required string StoragePath { get; init; }

    /// <summary>Settings of the Redis store; null = the embedded one.</summary>
    public RedisSettings? Redis { get; init; }

    public bool IsFileSource { get; init; }

    public string PolicyFile { get; init; } = "";

    public string PolicyFolder { get; init; } = "";

    public string ApiFile { get; init; } = "";

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan DefaultExpiry { get; init; }

    public int MinimumCustomLength { get; init; } = 16;

    public int CachedKeys { get; init; } = 100_000;

    /// <summary>How long a key in memory serves while a shared store fails; the embedded store is always at hand.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a replica divides limits by when it counts alone.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>What part of a leased limit one replica may take beforehand, in percent.</summary>
    public int LeasePercent { get; init; } = 10;

    /// <summary>429 or 403.</summary>
    public int QuotaExceededStatus { get; init; } = 429;

    /// <summary>Who may ask by forward auth, and how.</summary>
    public ForwardAuthSettings ForwardAuth { get; init; } = ForwardAuthSettings.Default;

    /// <summary>Registered APIs whose decisions are counted apart.</summary>
    public int ApisInMetrics { get; init; } = 100;

    /// <summary>What is sent to a receiver of telemetry.</summary>
    public TelemetrySettings Telemetry { get; init; } = TelemetrySettings.None;

    /// <summary>Whether refusals can be followed, and are counted by who was refused.</summary>
    public bool ObservesRefusals { get; init; } = true;

    /// <summary>The decision log.</summary>
    public DecisionLogSettings DecisionLog { get; init; } = DecisionLogSettings.None;

    /// <summary>The use over time.</summary>
    public UsageOptions Usage { get; init; } = new();

    /// <summary>Percentages of every quota at which an event is raised.</summary>
    public ImmutableArray<double> QuotaThresholds { get; init; } = [];

    /// <summary>Where events are posted; null = nowhere.</summary>
    public WebhookSettings? Webhook { get; init; }

    /// <summary>The web console.</summary>
    public ConsoleSettings Console { get; init; } = ConsoleSettings.Default;

    public required EngineOptions Engine { get; init; }

    public bool IsDemo { get; init; }

    /// <summary>Settings that belong to nobody.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Variables of the environment that have our prefix and are none of ours.</summary>
    public IReadOnlyList<string> StrayVariables { get; init; } = [];
}
