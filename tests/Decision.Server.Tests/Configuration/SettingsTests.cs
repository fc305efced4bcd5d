using Decision.Engine.Paths;
using Decision.Engine.Settings;
using Decision.Server.Configuration;

namespace Decision.Server.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_nothing_set_gives_the_defaults()
    {
        var settings = Read("{}");

        Assert.Equal("127.0.0.1:50051", settings.Listen.Grpc!.ToString());
        Assert.Equal("127.0.0.1:8088", settings.Listen.Http!.ToString());
        Assert.False(settings.Listen.IsAdminApart);
        Assert.Equal(Path.Combine(_folder.Path, "data"), settings.DataPath);
        Assert.Equal(Path.Combine(_folder.Path, "data", "decision.db"), settings.StoragePath);
        Assert.Equal(429, settings.QuotaExceededStatus);
        Assert.Equal((16, 100_000, 1), (settings.MinimumCustomLength, settings.CachedKeys, settings.Replicas));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(5)), (settings.DefaultExpiry, settings.MaxStale));
        Assert.Equal(Engine.EngineOptions.Default, settings.Engine);
        Assert.Equal(("", "", ""), (settings.PolicyFile, settings.PolicyFolder, settings.ApiFile));
    }

    [Theory]
    [InlineData("""{ "ForwardAuth": { "TrustedNetworks": "10.0.0.0/8, 192.0.2.1" } }""")]
    [InlineData("""{ "ForwardAuth": { "TrustedNetworks": ["10.0.0.0/8", "192.0.2.1"] } }""")]
    public void Read_trusted_networks_are_a_text_or_a_list(string json)
    {
        var trusted = Read(json).ForwardAuth.TrustedNetworks;

        Assert.True(trusted.Contains("10.1.2.3"));
        Assert.True(trusted.Contains("192.0.2.1"));
        Assert.False(trusted.Contains("127.0.0.1"));
    }

    [Theory]
    [InlineData("""{ "ForwardAuth": { "TrustedNetworks": ["10.0.0.1/8"] } }""", "ForwardAuth:TrustedNetworks is '10.0.0.1/8'")]
    [InlineData("""{ "ForwardAuth": { "Headers": "both" } }""", "ForwardAuth:Headers is 'both': write auto or forwarded or original.")]
    [InlineData("""{ "ForwardAuth": { "Trusted": "::1" } }""", "The setting 'ForwardAuth:Trusted' is not known.")]
    public void Read_forward_auth_that_is_written_wrongly_is_told(string json, string problem)
    {
        var refused = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Telemetry": { "Endpoint": "127.0.0.1:4317" } }""", "Telemetry:Endpoint is '127.0.0.1:4317': write the receiver's address")]
    [InlineData("""{ "Telemetry": { "Endpoint": "http://127.0.0.1:4317", "Signals": "traces, logs" } }""", "Telemetry:Signals is 'logs': write metrics, traces")]
    [InlineData("""{ "Telemetry": { "Endpoint": "http://127.0.0.1:4317", "Headers": "s3cret" } }""", "Telemetry:Headers has a part without a name")]
    [InlineData("""{ "Telemetry": { "TraceOneIn": 5 } }""", "Telemetry:TraceOneIn is only read where Telemetry:Endpoint is set")]
    [InlineData("""{ "DecisionLog": { "Mode": "all" } }""", "DecisionLog:Mode is 'all': write off or refused or sampled.")]
    [InlineData("""{ "DecisionLog": { "OneIn": 5 } }""", "DecisionLog:OneIn is only read where DecisionLog:Mode is refused or sampled")]
    [InlineData("""{ "DecisionLog": { "Mode": "refused", "Files": 3 } }""", "DecisionLog:Files is only read where DecisionLog:Output is file")]
    [InlineData("""{ "DecisionLog": { "Mode": "refused", "Output": "file" } }""", "DecisionLog:Output is 'file': name the file with DecisionLog:File.")]
    [InlineData("""{ "DecisionLog": { "Mode": "refused", "Output": "file", "File": "/no/such/folder/x.log" } }""", "DecisionLog:File is '/no/such/folder/x.log': its folder does not exist")]
    [InlineData("""{ "DecisionLog": { "Mode": "refused", "Output": "otlp" } }""", "DecisionLog:Output is 'otlp': name the receiver with Telemetry:Endpoint.")]
    [InlineData("""{ "Events": { "QuotaThresholds": [80, 101] } }""", "Events:QuotaThresholds is '101': write percentages")]
    [InlineData("""{ "Events": { "Webhook": { "Address": "ftp://x", "Secret": "a-secret-for-tests-only" } } }""", "Events:Webhook:Address is 'ftp://x': write the receiver's address")]
    [InlineData("""{ "Events": { "Webhook": { "Address": "http://x", "Secret": "s3cret" } } }""", "Events:Webhook:Secret has 6 characters: write 16 or more")]
    [InlineData("""{ "Events": { "Webhook": { "Timeout": "1s" } } }""", "Events:Webhook:Timeout is only read where Events:Webhook:Address is set")]
    [InlineData("""{ "Usage": { "Days": 401 } }""", "Usage:Days is '401': write a whole number from 0 to 400.")]
    public void Read_what_is_to_be_told_and_is_written_wrongly_is_said(string json, string problem)
    {
        var refused = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_what_is_to_be_told()
    {
        var settings = Read("""
            {
              "Events": { "QuotaThresholds": [100, 80, 80], "Webhook": { "Address": "https://example.com/hook", "Secret": "a-secret-for-tests-only" } },
              "Telemetry": { "Endpoint": "http://127.0.0.1:4318/x/", "Protocol": "http", "Signals": ["traces"] }
            }
            """);

        Assert.Equal([80, 100], settings.QuotaThresholds);
        Assert.Equal("https://example.com/hook", settings.Webhook!.Address.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:4318/x/v1/traces", settings.Telemetry.EndpointOf("traces").AbsoluteUri);
        Assert.Equal((false, true), (settings.Telemetry.HasMetrics, settings.Telemetry.HasTraces));
    }

    [Fact]
    public void Read_block_of_the_guide_works_as_written()
    {
        var settings = Read("""{ "policies": { "policy_source": "file", "policy_record_name": "./policies/policies.json" } }""");

        Assert.True(settings.IsFileSource);
        Assert.Equal(Path.Combine(_folder.Path, "policies", "policies.json"), settings.PolicyFile);
    }

    [Fact]
    public void Read_every_setting()
    {
        var settings = Read("""
            {
              "Server": { "Grpc": "[::1]:1", "Http": "none", "AdminGrpc": "127.0.0.1:2", "UnixSocket": "s.sock", "DrainTime": "1m", "MaxRequestBytes": 65536 },
              "Admin": { "Secret": "0123456789abcdef" }, "Secrets": { "Key": "AAECAwQFBgcICQoLDA0ODw==" },
              "Data": { "Path": "d" }, "Storage": { "Kind": "embedded", "Path": ":memory:" },
              "policies": { "policy_source": "file", "policy_path": "p" }, "apis": { "record_name": "a.json" },
              "Keys": { "AllowMasterKeys": true, "DefaultExpiry": "30d", "MinimumCustomLength": 20 },
              "Access": { "UrlMatching": "tyk", "PathNormalization": "resolve" },
              "Limits": { "Mode": "exact", "Enforcement": "shadow", "Replicas": 3, "QuotaExceededStatus": 403, "OnStoreFailure": { "Rate": "allow", "Quota": "local" } },
              "Cache": { "Keys": 5, "MaxStale": "00:01:00" }, "Signatures": { "ClockSkew": 0 }
            }
            """);

        Assert.Equal(("[::1]:1", "127.0.0.1:2"), (settings.Listen.Grpc!.ToString(), settings.Listen.AdminGrpc!.ToString()));
        Assert.Null(settings.Listen.Http);
        Assert.True(settings.Listen.IsAdminApart);
        Assert.Equal(Path.Combine(_folder.Path, "s.sock"), settings.Listen.UnixSocket);
        Assert.Equal((TimeSpan.FromMinutes(1), 65536), (settings.DrainTime, settings.MaxRequestBytes));
        Assert.Equal(Enumerable.Range(0, 16).Select(value => (byte)value), settings.SecretsKey);
        Assert.Equal((Path.Combine(_folder.Path, "d"), ":memory:"), (settings.DataPath, settings.StoragePath));
        Assert.Equal((Path.Combine(_folder.Path, "p"), Path.Combine(_folder.Path, "a.json")), (settings.PolicyFolder, settings.ApiFile));
        Assert.Equal((TimeSpan.FromDays(30), 20), (settings.DefaultExpiry, settings.MinimumCustomLength));
        Assert.Equal((UrlMatching.Tyk, true), (settings.Engine.Grants.UrlMatching, settings.Engine.Grants.AllowMasterKeys));
        Assert.Equal(PathNormalization.Resolve, settings.Engine.PathNormalization);
        Assert.Equal(Enforcement.Shadow, settings.Engine.Grants.Enforcement);
        Assert.Equal(
            (StoreFailureMode.Allow, StoreFailureMode.Local), (settings.Engine.Grants.OnStoreFailureRate, settings.Engine.Grants.OnStoreFailureQuota));
        Assert.Equal((3, 403, 5), (settings.Replicas, settings.QuotaExceededStatus, settings.CachedKeys));
        Assert.Equal((TimeSpan.FromMinutes(1), 0L), (settings.MaxStale, settings.Engine.SignatureClockSkewUs));
    }

    [Theory]
    [InlineData("Server:Grpc", "50051", "Server:Grpc is '50051': write an IP address and a port")]
    [InlineData("Server:Grpc", "127.0.0.1:70000", "Server:Grpc is '127.0.0.1:70000'")]
    [InlineData("Server:Http", "example.com:80", "Server:Http is 'example.com:80'")]
    [InlineData("Server:Http", "127.0.0.1:50051", "Server:Grpc has the same address")]
    [InlineData("Server:DrainTime", "soon", "Server:DrainTime is 'soon': write seconds (300)")]
    [InlineData("Admin:Secret", "short", "Admin:Secret has 5 characters: write 16 or more")]
    [InlineData("Admin:Secret", "a secret with blanks", "Admin:Secret has a blank")]
    [InlineData("Admin:SecretEnabled", "no", "Admin:SecretEnabled is 'no': write true or false")]
    [InlineData("Console:Enabled", "off", "Console:Enabled is 'off': write true or false")]
    [InlineData("Console:IdleTimeout", "9h", "Console:IdleTimeout is '9h': Console:SessionLifetime is shorter; write no more than that")]
    [InlineData("Console:SessionLifetime", "5s", "Console:SessionLifetime is '5s': write 00:01:00 to 7.00:00:00")]
    [InlineData("Audit:Retention", "1h", "Audit:Retention is '1h': write 1d or more, or 0 to keep everything")]
    [InlineData("Audit:Retention", "for ever", "Audit:Retention is 'for ever'")]
    [InlineData("Audit:Retain", "1d", "The setting 'Audit:Retain' is not known.")]
    [InlineData("Secrets:Key", "short", "Secrets:Key has 5 bytes: write 16 random bytes or more")]
    [InlineData("Redis:Configuration", "127.0.0.1:6379", "Redis:Configuration is only read where Storage:Kind is redis")]
    [InlineData("Storage:Kind", "mysql", "Storage:Kind is 'mysql': write embedded")]
    [InlineData("policies:policy_source", "service", "create them with PolicyAdminService")]
    [InlineData("policies:policy_source", "rpc", "write file with policies:policy_record_name")]
    [InlineData("policies:policy_source", "files", "policies:policy_source is 'files': write store or file")]
    [InlineData("policies:policy_source", "file", "name the file with policies:policy_record_name")]
    [InlineData("policies:policy_record_name", "p.json", "it is only read where policies:policy_source is file")]
    [InlineData("Keys:AllowMasterKeys", "yes", "Keys:AllowMasterKeys is 'yes': write true or false")]
    [InlineData("Keys:DefaultExpiry", "-5", "Keys:DefaultExpiry is '-5'")]
    [InlineData("Keys:MinimumCustomLength", "0", "write a whole number from 1 to 8192")]
    [InlineData("Access:UrlMatching", "prefix", "write segments or tyk")]
    [InlineData("Access:PathNormalization", "ignore", "write refuse or resolve")]
    [InlineData("Limits:Mode", "loose", "Limits:Mode is 'loose': write exact or leased")]
    [InlineData("Limits:LeasePercent", "60", "Limits:LeasePercent is '60': write a whole number from 1 to 50")]
    [InlineData("Limits:Enforcement", "off", "write enforce or shadow")]
    [InlineData("Limits:Replicas", "1.5", "Limits:Replicas is '1.5'")]
    [InlineData("Limits:QuotaExceededStatus", "402", "write 429 or 403")]
    [InlineData("Limits:OnStoreFailure", "ignore", "write deny or allow or local")]
    [InlineData("Limits:OnStoreFailure:Rate", "ignore", "Limits:OnStoreFailure:Rate is 'ignore'")]
    [InlineData("Server:Grcp", "127.0.0.1:1", "The setting 'Server:Grcp' is not known. Did you mean 'Server:Grpc'?")]
    [InlineData("Sever:Grpc", "127.0.0.1:1", "The section 'Sever' is not known. Did you mean 'Server'?")]
    [InlineData("Cache:Colour", "red", "The setting 'Cache:Colour' is not known. This section has Cache:Keys, Cache:MaxStale.")]
    public void Read_wrong_setting_is_named_with_value_and_fix(string name, string value, string sentence)
    {
        var exception = Assert.Throws<SettingsException>(() => Read("{}", $"--{name}={value}"));

        Assert.Contains(sentence, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Redis:Prefix", "a{b}:", "leave out the braces")]
    [InlineData("Redis:Timeout", "0", "Redis:Timeout is '0'")]
    [InlineData("Redis:AdminTimeout", "1h", "Redis:AdminTimeout is '1h'")]
    [InlineData("Redis:BreakDuration", "never", "Redis:BreakDuration is 'never'")]
    [InlineData("Storage:Path", "x.db", "it is only read where Storage:Kind is embedded")]
    [InlineData("Redis:Host", "x", "The setting 'Redis:Host' is not known")]
    public void Read_wrong_setting_of_Redis_is_named_with_value_and_fix(string name, string value, string sentence)
    {
        var exception = Assert.Throws<SettingsException>(() => Read("""{ "Storage": { "Kind": "redis" } }""", $"--{name}={value}"));

        Assert.Contains(sentence, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_reports_everything_at_once()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(
            """{ "Server": { "Grpc": "x", "Htpp": "y" }, "Limits": { "Mode": "loose" }, "Cache": { "MaxStale": "never" } }"""));

        Assert.Equal(4, exception.Problems.Count);
    }

    [Fact]
    public void Read_demo_with_policy_files_is_an_error()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(
            """{ "policies": { "policy_source": "file", "policy_record_name": "p.json" }, "apis": { "record_name": "a.json" } }""", "--demo"));

        Assert.Equal(2, exception.Problems.Count);
        Assert.All(exception.Problems, problem => Assert.Contains("--demo brings", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_foreign_section_is_told_but_no_error()
    {
        var settings = Read("""{ "listen_port": 8080, "Logging": {}, "analytics_config": { "type": "csv" } }""");

        Assert.Equal(["analytics_config", "listen_port"], settings.Unused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_command_line_counts_before_the_file()
    {
        var settings = Read("""{ "Cache": { "Keys": 5 } }""", "--Cache:Keys", "6", "--Data:Path=relative");

        Assert.Equal(6, settings.CachedKeys);
        Assert.Equal(Path.GetFullPath("relative"), settings.DataPath);
    }

    [Fact]
    public void Read_environment_counts_before_the_file()
    {
        Environment.SetEnvironmentVariable("DECISION_Keys__MinimumCustomLength", "24");
        try
        {
            Assert.Equal(24, Read("""{ "Keys": { "MinimumCustomLength": 20 } }""").MinimumCustomLength);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DECISION_Keys__MinimumCustomLength", null);
        }
    }

    [Fact]
    public void Read_section_with_a_value_of_its_own_in_a_file_stays_an_error()
    {
        var exception = Assert.Throws<SettingsException>(() => Read("""{ "Server": "127.0.0.1:1" }"""));

        Assert.Contains("The setting 'Server' is not known.", Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DECISION_Server__Grpc", "Server:Grpc", null)]
    [InlineData("decision_limits__onstorefailure__rate", "limits:onstorefailure:rate", null)]
    [InlineData("DECISION_SERVER", null, "DECISION_SERVER")]
    [InlineData("DECISION_Server_Grpc", null, "DECISION_Server_Grpc")]
    [InlineData("DECISION_ADDRESS", null, null)]
    [InlineData("DECISION_CERT_KEY_FILE", null, null)]
    [InlineData("DECISION_", null, null)]
    [InlineData("OTHER_Server__Grpc", null, null)]
    public void Of_variable_is_a_setting_or_a_stray_or_neither(string name, string? setting, string? stray)
    {
        var environment = EnvironmentSettings.Of([(name, "x")]);

        Assert.Equal(setting, environment.Settings.Keys.SingleOrDefault());
        Assert.Equal(stray, environment.Strays.SingleOrDefault());
    }

    [Fact]
    public void Read_kestrel_endpoints_take_the_place_of_the_default_addresses()
    {
        var settings = Read("""{ "Kestrel": { "Endpoints": { "AdminGrpc": { "Url": "https://127.0.0.1:1" } } } }""");

        Assert.Null(settings.Listen.Grpc);
        Assert.Null(settings.Listen.Http);
        Assert.True(settings.Listen.IsAdminApart);
    }

    [Theory]
    [InlineData("{ \"Server\": ", "is not valid JSON, line 1")]
    [InlineData("[]", "cannot be used")]
    [InlineData("{ \"a\": 1, \"a\": 2 }", "cannot be used")]
    public void Load_malformed_file_says_where(string content, string sentence)
    {
        var exception = Assert.Throws<SettingsException>(() => Read(content));

        string problem = Assert.Single(exception.Problems);
        Assert.Contains(Path.Combine(_folder.Path, "settings.json"), problem, StringComparison.Ordinal);
        Assert.Contains(sentence, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_missing_file_says_so()
    {
        string missing = Path.Combine(_folder.Path, "nowhere.json");

        var exception = Assert.Throws<SettingsException>(() => ServerConfiguration.Load(CommandLine.Read(["--config", missing])));

        Assert.Equal($"--config names {missing}, which does not exist: name a JSON file of settings.", Assert.Single(exception.Problems));
    }

    [Theory]
    [InlineData("serve", "'serve' is not understood")]
    [InlineData("--Server:Grpc", "'--Server:Grpc' has no value")]
    [InlineData("--config", "--config needs the name of a settings file")]
    [InlineData("--port=1", "'--port' is not known")]
    public void CommandLine_wrong_argument_is_an_error(string argument, string sentence)
    {
        var exception = Assert.Throws<SettingsException>(() => CommandLine.Read([argument]));

        Assert.Contains(sentence, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("300", 300_000)]
    [InlineData("1.5", 1500)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("30d", 2_592_000_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("00:05:00", 300_000)]
    public void TryParse_duration(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-1")]
    [InlineData("1y")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("-00:05:00")]
    [InlineData("999999999d")]
    public void TryParse_no_duration(string text) => Assert.False(DurationText.TryParse(text, out _));

    private ServerSettings Read(string json, params string[] arguments)
    {
        string file = _folder.Write("settings.json", json);
        var commandLine = CommandLine.Read(["--config", file, .. arguments]);
        return ServerSettingsReader.Read(ServerConfiguration.Load(commandLine), commandLine.IsDemo);
    }
}
