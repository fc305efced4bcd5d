using Decision.Console.Access;
using Decision.Console.Hosting;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.WebConsole;

/// <summary>The web console, where this server has it.</summary>
internal static class ConsolePart
{
    public static void AddConsole(this IServiceCollection services, ServerSettings settings)
    {
        if (settings.Console.IsEnabled)
        {
            services.AddSingleton<IConsoleAccess, ConsoleAccess>();
            services.AddSingleton<IServerConfiguration, ConsoleConfiguration>();
        }
    }

    public static void MapConsole(this WebApplication app, ServerSettings settings)
    {
        if (!settings.Console.IsEnabled)
        {
            app.MapMissingConsole("The console is switched off (Console:Enabled).");
            return;
        }

        app.MapConsole(
            new ConsoleOptions
            {
                IdleTimeout = settings.Console.IdleTimeout,
                SessionLifetime = settings.Console.SessionLifetime,
                ObservesRefusals = settings.ObservesRefusals,
                Version = HelpText.Version,
            },
            AdminSurfaceMetadata.Instance);
    }
}
