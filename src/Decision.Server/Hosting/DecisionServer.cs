using System.Security.Cryptography;
using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Runtime.Hosting;
using Decision.Runtime.Observation;
using Decision.Server.Administrators;
using Decision.Server.Callers;
using Decision.Server.Configuration;
using Decision.Server.DecisionLogs;
using Decision.Server.Demo;
using Decision.Server.Grpc;
using Decision.Server.Grpc.Admin;
using Decision.Server.Grpc.Direct;
using Decision.Server.Grpc.Wire;
using Decision.Server.Health;
using Decision.Server.Hosting.Connections;
using Decision.Server.Proxies;
using Decision.Server.Telemetry;
using Decision.Server.Tls;
using Decision.Server.TykApi;
using Decision.Server.WebConsole;
using Decision.Server.Webhooks;
using Decision.Storage.Embedded.Hosting;
using Decision.Storage.Redis.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;

namespace Decision.Server.Hosting;

/// <summary>Puts the parts together.</summary>
internal static class DecisionServer
{
    /// <summary>The server for a command line, not yet started.</summary>
    /// <param name="commandLine">The command line.</param>
    /// <param name="replace">What tests put in the place of parts.</param>
    /// <exception cref="SettingsException">With every problem of the settings.</exception>
    public static WebApplication Build(CommandLine commandLine, Action<IServiceCollection>? replace = null)
    {
        var configuration = ServerConfiguration.Load(commandLine);
        var settings = ServerSettingsReader.Read(configuration, commandLine.IsDemo);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration.Root);
        AddLogging(builder);
        settings = AddSecrets(builder, settings);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ServerListeners>((kestrel, listeners) => listeners.Configure(kestrel, builder.Configuration));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.DrainDelay + settings.DrainTime);
        builder.Services.AddSingleton(settings);
        AddParts(builder.Services, settings, configuration);
        replace?.Invoke(builder.Services);

        var app = builder.Build();

        // Files that cannot be used are settings that cannot be used: told before anything begins.
        app.Services.GetServices<IReloadedFile>();
        app.UseMiddleware<DirectCallMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AdminAddressMiddleware>();
        app.UseMiddleware<OpenStreamMiddleware>();
        MapParts(app, settings);
        return app;
    }

    /// <summary>Adds the stores that the settings name: the one place that knows which there are.</summary>
    public static void AddStores(IServiceCollection services, ServerSettings settings)
    {
        if (settings.Redis is not { } redis)
        {
            services.AddEmbeddedStorage(options => options.Path = settings.StoragePath);
            return;
        }

        services.AddRedisStorage(options =>
        {
            options.Configuration = redis.Configuration;
            options.SentinelUser = redis.SentinelUser;
            options.SentinelPassword = redis.SentinelPassword;
            options.Prefix = redis.Prefix;
            options.Timeout = redis.Timeout;
            options.AdminTimeout = redis.AdminTimeout;
            options.BreakDuration = redis.BreakDuration;
            options.SecretsKey = settings.HasSecretsKey ? settings.SecretsKey : null;
        });
        services.AddLocalCounters();
    }

    private static void AddParts(IServiceCollection services, ServerSettings settings, ServerConfiguration source)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddStores(services, settings);
        services.AddDecisionRuntime(options =>
        {
            options.Engine = settings.Engine;
            options.SecretsKey = settings.SecretsKey!;
            options.MinimumCustomLength = settings.MinimumCustomLength;
            options.DefaultExpiry = settings.DefaultExpiry;
            options.HasSecretsKey = settings.HasSecretsKey;
            options.CachedKeys = settings.CachedKeys;
            options.MaxStale = settings.MaxStale;
            options.Replicas = settings.Replicas;
            options.LeaseShare = settings.LeasePercent / 100.0;
            options.PolicyFile = settings.PolicyFile;
            options.PolicyFolder = settings.PolicyFolder;
            options.ApiFile = settings.ApiFile;
            options.PollInterval = settings.PollInterval;
            options.AuditRetention = settings.AuditRetention;
            options.ApisInMetrics = settings.ApisInMetrics;
        });
        services.AddObservation(new ObservationOptions
        {
            HasRefusals = settings.ObservesRefusals,
            Log = settings.DecisionLog.Mode,
            LogOneIn = settings.DecisionLog.OneIn,
            Usage = settings.Usage,
            QuotaThresholds = settings.QuotaThresholds,
        });
        services.AddDecisionLog(settings);
        services.AddWebhook(settings);
        AddFiles(services, settings, source);
        services.AddSingleton<GracefulConnections>();
        services.AddSingleton<ServerListeners>();
        services.AddSingleton<ServerLife>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerLife>());
        services.AddSingleton<AdminAuthentication>();
        services.AddSingleton<AdminPermission>();
        services.AddSingleton<ErrorMapping>();
        services.AddSingleton<AdminGuard>();
        services.AddSingleton<CallInterceptor>();
        services.AddSingleton<VerdictMapping>();
        services.AddSingleton<VerdictWriter>();
        services.AddSingleton<ExplainMapping>();
        services.AddSingleton<AtOnce>();
        services.AddSingleton<ActivityScope>();
        services.AddSingleton<AuthorizeGrpcService>();
        services.AddSingleton(provider => new DirectCallOptions(
            provider.GetRequiredService<ErrorMapping>(), settings.MaxRequestBytes, provider.GetRequiredService<DecisionRuntime>().MayWait));
        services.AddSingleton<IDirectCall>(provider => new DirectCall<AuthorizeRequest>(
            $"/{AuthorizeService.Descriptor.FullName}/{nameof(AuthorizeGrpcService.Authorize)}",
            AuthorizeRequest.Parser.ParseFrom,
            provider.GetRequiredService<AuthorizeGrpcService>().AuthorizeAsync,
            provider.GetRequiredService<DirectCallOptions>()));
        services.AddProxies(settings.ForwardAuth);
        services.AddTykApi();
        services.AddConsole(settings);
        services.AddGrpc(options =>
        {
            options.EnableDetailedErrors = false;
            options.MaxReceiveMessageSize = settings.MaxRequestBytes;
            options.MaxSendMessageSize = null;
            options.Interceptors.Add<CallInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(options => options.Services.Map(AuthorizeService.Descriptor.FullName, _ => true))
            .Add(new HealthCheckRegistration("life", provider => provider.GetRequiredService<ServerLife>(), null, null));
        services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.Zero;
            options.Period = TimeSpan.FromSeconds(1);
        });
        services.AddTelemetry(settings);
        if (settings.IsDemo)
        {
            services.AddSingleton<DemoGuide>();
        }
    }

    // Administration over gRPC adds its services here: their names put them behind the credential and on the admin addresses.
    private static void MapParts(WebApplication app, ServerSettings settings)
    {
        app.MapGrpcService<AuthorizeGrpcService>();
        app.MapProxies();
        app.MapAdminServices();
        app.MapTykApi();
        app.MapGrpcHealthChecksService().TellVersion();
        app.MapGrpcReflectionService();
        app.MapHealth();
        app.MapConsole(settings);
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    // What is read from files and read again when they change.
    private static void AddFiles(IServiceCollection services, ServerSettings settings, ServerConfiguration source)
    {
        if (settings.Tls.HasCertificate || settings.Tls.HasClientCa)
        {
            AddFile(services, provider => new ServerCertificates(
                settings.Tls, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerCertificates>>()));
        }

        if (settings.CallerFile.Length > 0)
        {
            AddFile(services, provider => new CallerRegistry(
                settings.CallerFile, settings.Tls.HasClientCa, provider.GetRequiredService<ILogger<CallerRegistry>>()));
        }

        if (settings.AdminSecretFile.Length > 0)
        {
            AddFile(services, provider => new AdminSecretFile(settings.AdminSecretFile, provider.GetRequiredService<ILogger<AdminSecretFile>>()));
        }

        AddFile(services, provider => new SettingsFiles(source, provider.GetRequiredService<ILogger<SettingsFiles>>()));
        services.AddSingleton<CallerAccess>();
        services.AddHostedService<ReloadedFiles>();
    }

    private static void AddFile<T>(IServiceCollection services, Func<IServiceProvider, T> create)
        where T : class, IReloadedFile, IStatusPart
    {
        services.AddSingleton(create);
        services.AddSingleton<IReloadedFile>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IStatusPart>(provider => provider.GetRequiredService<T>());
    }

    private static ServerSettings AddSecrets(WebApplicationBuilder builder, ServerSettings settings)
    {
        using var early = LoggerFactory.Create(logging =>
        {
            logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
            AddConsole(logging);
        });
        var log = early.CreateLogger("Decision.Server");
        foreach (string unused in settings.Unused)
        {
            ServerLog.UnusedSetting(log, unused);
        }

        foreach (string variable in settings.StrayVariables)
        {
            ServerLog.StrayVariable(log, variable);
        }

        var folder = new DataFolder(settings.DataPath, log);
        settings = settings with
        {
            AdminSecret = settings.AdminSecret ?? (settings.AdminSecretFile.Length > 0 ? null : folder.AdminSecret()),
            SecretsKey = settings.SecretsKey
                ?? (settings.HasSecretsKey ? folder.SecretsKey() : RandomNumberGenerator.GetBytes(Engine.Credentials.SecretsKey.MinimumLength)),
        };
        return settings.IsDemo ? DemoSamples.Add(settings, folder) : settings;
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        AddConsole(builder.Logging);

        // A failed start is told once, as a sentence, by the program itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Error);
    }

    private static void AddConsole(ILoggingBuilder logging)
    {
        logging.AddConsole();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat ??= "HH:mm:ss.fff ";
        });
    }
}
