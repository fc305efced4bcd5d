using Decision.Console.Access;
using Decision.Console.Live;
using Decision.Console.Sessions;
using Decision.Runtime;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Decisions;
using Decision.Runtime.Effects;
using Decision.Runtime.Files;
using Decision.Runtime.Hosting;
using Decision.Runtime.Metrics;
using Decision.Runtime.Observation;
using Decision.Runtime.Observation.Refusals;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;

namespace Decision.Console.Hosting;

/// <summary>The console's services: those of the runtime as the server has them, and what pages and circuits need.</summary>
internal static class ConsoleServices
{
    /// <summary>How much a page may send in one message: a policy's JSON as it is typed.</summary>
    private const long MostReceived = 1024 * 1024;

    public static ServiceProvider Create(IServiceProvider server, ConsoleOptions options)
    {
        var services = new ServiceCollection();
        AddOfServer(services, server);
        AddOfRuntime(services, server);
        services.AddSingleton(options);
        services.AddSingleton<ConsoleSessions>();
        services.AddScoped(provider => new ConsoleUser(
            provider.GetRequiredService<ConsoleSessions>(),
            provider.GetRequiredService<IConsoleAccess>(),
            provider.GetRequiredService<AuthenticationStateProvider>()));
        services.AddScoped<CircuitHandler, SessionActivity>();
        services.AddSingleton<DecisionSamples>();
        services.AddSingleton<HealthWatch>();
        services.AddRouting();

        // In memory, as the sessions that it protects the way to: what a restart makes void needs no key that outlives it.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "decision-console-form";
            antiforgery.Cookie.Path = ConsoleEndpoints.Path;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MostReceived);
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.VisibleStateDuration = 4000;
            mud.SnackbarConfiguration.ShowTransitionDuration = 100;
            mud.SnackbarConfiguration.HideTransitionDuration = 100;
        });
        return services.BuildServiceProvider();
    }

    private static void AddOfServer(ServiceCollection services, IServiceProvider server)
    {
        services.AddOptions();
        services.AddSingleton(server.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(server.GetRequiredService<IConfiguration>());
        services.AddSingleton(server.GetRequiredService<IWebHostEnvironment>());
        services.AddSingleton(server.GetRequiredService<IHostEnvironment>());
        services.AddSingleton(server.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(server.GetRequiredService<System.Diagnostics.DiagnosticListener>());
        services.AddSingleton<System.Diagnostics.DiagnosticSource>(server.GetRequiredService<System.Diagnostics.DiagnosticListener>());
        services.AddSingleton(server.GetRequiredService<TimeProvider>());
        services.AddSingleton(server.GetRequiredService<IConsoleAccess>());
        services.AddSingleton(server.GetRequiredService<IServerConfiguration>());
    }

    private static void AddOfRuntime(ServiceCollection services, IServiceProvider server)
    {
        services.AddSingleton(server.GetRequiredService<IOptions<RuntimeOptions>>());
        services.AddSingleton(server.GetRequiredService<Catalog>());
        services.AddSingleton(server.GetRequiredService<KeyAdministration>());
        services.AddSingleton(server.GetRequiredService<PolicyAdministration>());
        services.AddSingleton(server.GetRequiredService<PolicyPlans>());
        services.AddSingleton(server.GetRequiredService<PolicyEffects>());
        services.AddSingleton(server.GetRequiredService<ApiAdministration>());
        services.AddSingleton(server.GetRequiredService<OrganizationAdministration>());
        services.AddSingleton(server.GetRequiredService<CredentialAdministration>());
        services.AddSingleton(server.GetRequiredService<ICounterStore>());
        services.AddSingleton(server.GetRequiredService<AuditLog>());
        services.AddSingleton(server.GetRequiredService<FileLayer>());
        services.AddSingleton(server.GetRequiredService<DecisionRuntime>());
        services.AddSingleton(server.GetRequiredService<DecisionMetrics>());
        services.AddSingleton(server.GetRequiredService<RefusalFeed>());
        services.AddSingleton(server.GetRequiredService<RefusalTop>());
        services.AddSingleton(server.GetRequiredService<UsageHistory>());
        services.AddSingleton(server.GetRequiredService<UsageOptions>());
        services.AddSingleton(server.GetRequiredService<ActivityScope>());
        foreach (var store in server.GetServices<IStoreHealth>())
        {
            services.AddSingleton(store);
        }

        foreach (var part in server.GetServices<IStatusPart>())
        {
            services.AddSingleton(part);
        }
    }
}
