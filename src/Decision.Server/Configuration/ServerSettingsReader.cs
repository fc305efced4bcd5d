using Decision.Engine.Addresses;
using Decision.Runtime.Observation.Usage;
using Decision.Server.DecisionLogs;
using Decision.Server.Proxies.ForwardAuth;
using Decision.Server.Telemetry;
using Decision.Server.Tls;
using Decision.Server.WebConsole;
using Decision.Server.Webhooks;

namespace Decision.Server.Configuration;

/// <summary>Reads every setting; what is of one part, by that part's reader.</summary>
internal static class ServerSettingsReader
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingsException">With every problem.</exception>
    public static ServerSettings Read(ServerConfiguration source, bool isDemo)
    {
        var reader = new SettingsReader(source.Root);
        var unused = new List<string>();
        KnownSettings.Check(source.Root, reader.Problems, unused);
        LogLevels.Check(source.Root.GetSection("Logging").AsEnumerable(), reader.Problems);
        string dataPath = reader.FilePath("Data:Path") ?? Path.Combine(source.SettingsFolder, "data");
        var settings = new ServerSettings
        {
            Listen = ListenSettingsReader.Read(reader, source.Root),
            DrainTime = reader.Duration("Server:DrainTime", TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
            DrainDelay = reader.Duration("Server:DrainDelay", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            MaxRequestBytes = (int)reader.Whole("Server:MaxRequestBytes", 4 * 1024 * 1024, 64 * 1024, 256 * 1024 * 1024),
            MaxHeaderBytes = (int)reader.Whole("Server:MaxHeaderBytes", 32 * 1024, 4 * 1024, 1024 * 1024),
            HeaderTimeout = reader.Duration("Server:HeaderTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1)),
            MaxConnections = (int)reader.Whole("Server:MaxConnections", 0, 0, 10_000_000),
            MaxStreamsPerConnection = (int)reader.Whole("Server:MaxStreamsPerConnection", 1000, 1, 100_000),
            ConnectionAge = ReadConnectionAge(reader),
            Tls = TlsSettingsReader.Read(reader, source.Root),
            CallerFile = reader.FilePath("Callers:File") ?? "",
            AdminSecret = AdminSecretReader.Read(reader),
            AdminSecretFile = reader.FilePath(AdminSecretReader.FileSetting) ?? "",
            IsAdminSecretEnabled = reader.Flag("Admin:SecretEnabled", true),
            AuditRetention = ReadAuditRetention(reader),
            SecretsKey = ReadSecretsKey(reader),
            IsSecretsKeySet = reader.Text("Secrets:Key") is not null,
            DataPath = dataPath,
            StoragePath = ReadStoragePath(reader, dataPath),
            Redis = RedisSettingsReader.Read(reader, source.Root),
            PollInterval = reader.Duration("Files:PollInterval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(10)),
            DefaultExpiry = reader.Duration("Keys:DefaultExpiry", TimeSpan.Zero, TimeSpan.FromDays(36_500)),
            MinimumCustomLength = (int)reader.Whole("Keys:MinimumCustomLength", 16, 1, 8192),
            CachedKeys = (int)reader.Whole("Cache:Keys", 100_000, 1, 100_000_000),
            MaxStale = reader.Duration("Cache:MaxStale", TimeSpan.FromMinutes(5), Day),
            Replicas = (int)reader.Whole("Limits:Replicas", 1, 1, 100_000),
            LeasePercent = (int)reader.Whole("Limits:LeasePercent", 10, 1, 50),
            QuotaExceededStatus = reader.Word("Limits:QuotaExceededStatus", 429, ("429", 429), ("403", 403)),
            ForwardAuth = ReadForwardAuth(reader),
            ApisInMetrics = (int)reader.Whole("Metrics:Apis", 100, 0, 1_000),
            Telemetry = TelemetrySettingsReader.Read(reader),
            Usage = ReadUsage(reader),
            QuotaThresholds = WebhookSettingsReader.ReadThresholds(reader),
            Webhook = WebhookSettingsReader.Read(reader),
            ObservesRefusals = reader.Flag("Observe:Refusals", true),
            DecisionLog = DecisionLogSettingsReader.Read(reader, hasReceiver: reader.Text("Telemetry:Endpoint") is not null),
            Console = ConsoleSettingsReader.Read(reader),
            Engine = EngineSettingsReader.Read(reader),
            IsDemo = isDemo,
            Unused = unused,
            StrayVariables = source.StrayVariables,
        };
        settings = ReadFiles(reader, settings);
        return reader.Problems.Count == 0 ? settings : throw new SettingsException(reader.Problems);
    }

    private static UsageOptions ReadUsage(SettingsReader reader) => new()
    {
        Days = (int)reader.Whole("Usage:Days", 0, 0, 400),
        MaxIds = (int)reader.Whole("Usage:MaxIds", 10_000, 1, 10_000_000),
        FlushInterval = reader.Duration("Usage:FlushInterval", TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(100)),
    };

    private static TimeSpan ReadConnectionAge(SettingsReader reader)
    {
        const string Name = "Server:ConnectionAge";
        var age = reader.Duration(Name, TimeSpan.Zero, TimeSpan.FromDays(30));
        if (age > TimeSpan.Zero && age < TimeSpan.FromSeconds(1))
        {
            reader.Wrong(Name, reader.Text(Name)!, "write 1s or more, or 0 to keep connections for as long as their clients do");
        }

        return age;
    }

    private static TimeSpan ReadAuditRetention(SettingsReader reader)
    {
        const string Name = "Audit:Retention";
        var retention = reader.Duration(Name, TimeSpan.FromDays(400), TimeSpan.FromDays(36_500));
        if (retention > TimeSpan.Zero && retention < Day)
        {
            reader.Wrong(Name, reader.Text(Name)!, "write 1d or more, or 0 to keep everything");
        }

        return retention;
    }

    private static byte[]? ReadSecretsKey(SettingsReader reader)
    {
        string? text = reader.Text("Secrets:Key");
        if (text is null)
        {
            return null;
        }

        byte[] key = SecretsKeyText.Decode(text);
        if (key.Length < Engine.Credentials.SecretsKey.MinimumLength)
        {
            reader.Problems.Add(
                $"Secrets:Key has {key.Length} bytes: write {Engine.Credentials.SecretsKey.MinimumLength} random bytes or more, as base64 or as text.");
        }

        return key;
    }

    private static string ReadStoragePath(SettingsReader reader, string dataPath) => reader.Text("Storage:Path") == ":memory:"
        ? ":memory:"
        : reader.FilePath("Storage:Path") ?? Path.Combine(dataPath, "decision.db");

    private static ForwardAuthSettings ReadForwardAuth(SettingsReader reader)
    {
        const string Name = "ForwardAuth:TrustedNetworks";
        var written = reader.List(Name) ?? ForwardAuthSettings.Loopback;
        var networks = AddressList.Parse(written, out var problems);
        foreach (var problem in problems)
        {
            reader.Wrong(Name, written[problem.Index], problem.Problem);
        }

        return new ForwardAuthSettings(networks, reader.Word(
            "ForwardAuth:Headers",
            ForwardedHeaders.Auto,
            ("auto", ForwardedHeaders.Auto),
            ("forwarded", ForwardedHeaders.Forwarded),
            ("original", ForwardedHeaders.Original)));
    }

    private static ServerSettings ReadFiles(SettingsReader reader, ServerSettings settings)
    {
        string source = reader.Text("policies:policy_source") ?? "store";
        string file = reader.FilePath("policies:policy_record_name") ?? "";
        string folder = reader.FilePath("policies:policy_path") ?? "";
        bool isFile = source.Equals("file", StringComparison.OrdinalIgnoreCase);
        if (source.ToUpperInvariant() is "SERVICE" or "RPC")
        {
            reader.Wrong(
                "policies:policy_source",
                source,
                "policies are not fetched from a dashboard here; write file with policies:policy_record_name, or store and create them with PolicyAdminService");
        }
        else if (!isFile && !source.Equals("store", StringComparison.OrdinalIgnoreCase))
        {
            reader.Wrong("policies:policy_source", source, "write store or file");
        }
        else if (isFile && file.Length == 0 && folder.Length == 0)
        {
            reader.Wrong(
                "policies:policy_source", source, "name the file with policies:policy_record_name, or a folder with policies:policy_path");
        }
        else if (!isFile && (file.Length > 0 || folder.Length > 0))
        {
            string name = file.Length > 0 ? "policies:policy_record_name" : "policies:policy_path";
            reader.Wrong(name, file.Length > 0 ? file : folder, "it is only read where policies:policy_source is file; write that too, or remove this");
        }

        if (isFile && settings.IsDemo)
        {
            reader.Wrong("policies:policy_source", source, "--demo brings a policy file of its own; leave out one of the two");
        }

        string apiFile = reader.FilePath("apis:record_name") ?? "";
        if (apiFile.Length > 0 && settings.IsDemo)
        {
            reader.Wrong("apis:record_name", apiFile, "--demo brings an API registry of its own; leave out one of the two");
        }

        return settings with
        {
            IsFileSource = isFile,
            PolicyFile = isFile ? file : "",
            PolicyFolder = isFile ? folder : "",
            ApiFile = apiFile,
        };
    }
}
