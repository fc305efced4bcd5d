using Decision.Engine.Json;

namespace Decision.Server.Configuration;

/// <summary>Every setting of the server, by name. What is not here is a slip of the keyboard.</summary>
internal static class KnownSettings
{
    // A section of its own beside these (Logging, Kestrel, ...) belongs to the platform.
    private static readonly string[] PlatformSections = ["Logging", "Kestrel", "AllowedHosts", "ASPNETCORE", "DOTNET"];

    public static IReadOnlyList<(string Name, string Purpose)> All { get; } =
    [
        ("Server:Grpc", "address of gRPC; default 127.0.0.1:50051, none = not served"),
        ("Server:Http", "address of HTTP/1.1: health, metrics; default 127.0.0.1:8088, none = not served"),
        ("Server:AdminGrpc", "address that alone serves admin calls over gRPC; default none"),
        ("Server:AdminHttp", "address that alone serves admin calls over HTTP; default none"),
        ("Server:UnixSocket", "path of a Unix socket for gRPC; default none"),
        ("Server:DrainTime", "how long running calls may take to end at a stop; default 10s"),
        ("Server:DrainDelay", "how long calls are still taken after a stop was asked, while ready says no; default 0"),
        ("Server:MaxRequestBytes", "largest request; default 4194304"),
        ("Server:MaxHeaderBytes", "largest headers of a request, all together; default 32768"),
        ("Server:HeaderTimeout", "how long the headers of a request may take to come; default 30s"),
        ("Server:MaxConnections", "connections on one address; default 0 = any number"),
        ("Server:MaxStreamsPerConnection", "calls at a time on one connection; default 1000"),
        ("Server:ConnectionAge", "age at which clients of gRPC are asked to open another connection, give or take a tenth; default 0 = never"),
        ("Server:Tls:CertificateFile", "PEM file of the server's certificate and what leads to its root; default none: no TLS"),
        ("Server:Tls:KeyFile", "PEM file of its private key"),
        ("Server:Tls:Addresses", "which of Grpc, Http, AdminGrpc, AdminHttp have TLS; default all"),
        ("Server:Tls:ClientCaFile", "PEM file of those that may have signed clients' certificates; default none: clients show none"),
        ("Server:Tls:ClientCertificateAddresses", "which of the addresses with TLS demand a client's certificate; default all of them"),
        ("Callers:File", "JSON file of the programs that may ask for decisions, by token or certificate; default none: everyone may"),
        ("Admin:Secret", "credential of admin calls; default: made at the first start"),
        ("Admin:SecretFile", "file with the credential of admin calls, read again when it changes; default none"),
        ("Admin:SecretEnabled", "whether Admin:Secret counts also where another credential with the role admin is there; default true"),
        ("Audit:Retention", "how long the audit log keeps its entries, 1d or more; default 400d, 0 = for ever"),
        ("Console:Enabled", "whether the web console is served at /console; default true"),
        ("Console:IdleTimeout", "after which a session of the console ends in which nobody does anything; default 30m"),
        ("Console:SessionLifetime", "after which a session of the console ends in any case; default 8h"),
        ("Data:Path", "folder of the database and of secrets; default data beside the settings file"),
        ("Storage:Kind", "embedded (default), or redis for replicas that share keys, policies and counters"),
        ("Storage:Path", "the embedded database; default decision.db in the data folder, :memory: for none"),
        ("Redis:Configuration", "where Redis is, as StackExchange.Redis reads it; default 127.0.0.1:6379"),
        ("Redis:SentinelUser", "as whom the Sentinels are asked; default: the default user"),
        ("Redis:SentinelPassword", "what the Sentinels ask for; default none"),
        ("Redis:Prefix", "what every name in Redis begins with; default decision:"),
        ("Redis:Timeout", "how long a decision waits for Redis; default 50ms"),
        ("Redis:AdminTimeout", "how long an act of administration waits for Redis; default 5s"),
        ("Redis:BreakDuration", "how long Redis is not asked after repeated failures; default 500ms"),
        ("policies:policy_source", "store (default), or file to add policies from files"),
        ("policies:policy_record_name", "a file of policies, one JSON object id -> policy"),
        ("policies:policy_path", "a folder of policy files; counts before policy_record_name"),
        ("apis:record_name", "the file of the API registry"),
        ("Keys:AllowMasterKeys", "whether a key without access rights may call every API; default false"),
        ("Keys:DefaultExpiry", "life of a key that is created without an expiry; default none"),
        ("Keys:MinimumCustomLength", "shortest custom key, in characters; default 16"),
        ("Secrets:Key", "key for keyed hashes and secrets at rest, 16 bytes or more; default: made at the first start; with Redis all replicas need the same one for custom keys and signatures"),
        ("Access:UrlMatching", "segments (default) or tyk"),
        ("Access:PathNormalization", "refuse (default) or resolve"),
        ("Limits:Mode", "exact (default) or leased: replicas take a part of a limit beforehand and ask Redis rarely"),
        ("Limits:Enforcement", "enforce (default) or shadow"),
        ("Limits:LeasePercent", "what part of a leased limit one replica may take beforehand, in percent; default 10, 1 to 50"),
        ("Limits:Replicas", "replicas that share a limit while the store fails; default 1"),
        ("Limits:QuotaExceededStatus", "429 (default) or 403"),
        ("Limits:OnStoreFailure", "deny (default), allow or local"),
        ("Limits:OnStoreFailure:Rate", "the same for rates alone"),
        ("Limits:OnStoreFailure:Quota", "the same for quotas alone"),
        ("Cache:Keys", "keys held in memory; default 100000"),
        ("Cache:MaxStale", "how long cached keys serve without the store; default 5m"),
        ("ForwardAuth:TrustedNetworks", "addresses and networks of the proxies that may ask by forward auth, separated by commas or as a list; default 127.0.0.0/8, ::1"),
        ("ForwardAuth:Headers", "which headers tell the client's request: auto (default), forwarded or original"),
        ("Signatures:ClockSkew", "how far a signature's date may be off; default 300s, 0 = any"),
        ("Metrics:Apis", "registered APIs whose decisions are counted apart; default 100, 0 = none"),
        ("Telemetry:Endpoint", "where metrics and traces are sent by OTLP, as http://127.0.0.1:4317; default none"),
        ("Telemetry:Protocol", "grpc (default) or http: how they are sent"),
        ("Telemetry:Headers", "headers for the receiver, as name=value,name=value; default none"),
        ("Telemetry:Signals", "which of metrics, traces are sent; default all"),
        ("Telemetry:MetricsInterval", "how often metrics are sent; default 60s"),
        ("Telemetry:TraceOneIn", "of how many decisions without a caller's trace one is traced; default 100, 0 = none"),
        ("Observe:Refusals", "whether refusals can be followed live and counted by who was refused; default true"),
        ("DecisionLog:Mode", "off (default), refused, or sampled: refused and one in OneIn of the others"),
        ("DecisionLog:OneIn", "of how many admissions a sampled log has one; default 100, 1 = all"),
        ("DecisionLog:Output", "stdout (default), file or otlp"),
        ("DecisionLog:File", "the file that lines of JSON are added to"),
        ("DecisionLog:MaxFileBytes", "size from which on the file is put aside; default 104857600"),
        ("DecisionLog:Files", "files that are kept aside; default 10"),
        ("DecisionLog:Queue", "decisions that wait to be written at most; default 10000"),
        ("Usage:Days", "days for which allowed and refused requests are kept by hour; default 0 = not counted"),
        ("Usage:MaxIds", "keys, and policies, and APIs, that are kept apart on a day at most; default 10000"),
        ("Usage:FlushInterval", "how often counts are taken to the store; default 10s"),
        ("Events:QuotaThresholds", "percentages of every quota at which an event is raised, as 80, 100; default none"),
        ("Events:Webhook:Address", "where events are posted; default none"),
        ("Events:Webhook:Secret", "what events are signed with, 16 characters or more"),
        ("Events:Webhook:Timeout", "how long one try may take; default 5s"),
        ("Files:PollInterval", "how often watched files are looked at, beside the system's events; default 1s"),
    ];

    private static readonly HashSet<string> Names = new(All.Select(setting => setting.Name), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Lists = new(
        ["ForwardAuth:TrustedNetworks", "Server:Tls:Addresses", "Server:Tls:ClientCertificateAddresses", "Telemetry:Signals", "Events:QuotaThresholds"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Sections =
        [.. All.Select(setting => setting.Name.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Adds a sentence for each setting that is not known.</summary>
    /// <param name="configuration">All settings.</param>
    /// <param name="problems">Receives the sentences.</param>
    /// <param name="unused">Receives the names of settings that belong to nobody and are far from any of ours.</param>
    public static void Check(IConfiguration configuration, ICollection<string> problems, ICollection<string> unused)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                CheckInside(section, problems);
            }
            else if (!PlatformSections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                CheckRoot(section, problems, unused);
            }
        }
    }

    private static void CheckRoot(IConfigurationSection section, ICollection<string> problems, ICollection<string> unused)
    {
        if (EditDistance.Nearest(section.Key, Sections.Concat(PlatformSections)) is { } near)
        {
            problems.Add($"The section '{section.Key}' is not known. Did you mean '{near}'?");
        }
        else
        {
            unused.Add(section.Path);
        }
    }

    // The items of a JSON array have names of their own: 0, 1, ...
    private static bool IsListItem(string path) =>
        path.LastIndexOf(':') is var colon && !path.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') && Lists.Contains(path[..colon]);

    private static void CheckInside(IConfigurationSection section, ICollection<string> problems)
    {
        foreach (var (path, value) in section.AsEnumerable())
        {
            if (value is null || Names.Contains(path) || IsListItem(path))
            {
                continue;
            }

            string fix = EditDistance.Nearest(path, Names) is { } near
                ? $"Did you mean '{near}'?"
                : $"This section has {string.Join(", ", Names.Where(name => name.StartsWith(section.Key + ":", StringComparison.OrdinalIgnoreCase)))}.";
            problems.Add($"The setting '{path}' is not known. {fix}");
        }
    }
}
