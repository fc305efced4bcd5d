using Decision.Server.Configuration;

namespace Decision.Server.WebConsole;

/// <summary>A server that was published without the web console.</summary>
internal static class ConsolePart
{
    private const string Why = "this server was published without the console (-p:Console=false, or as native code)";

    public static void AddConsole(this IServiceCollection services, ServerSettings settings)
    {
        _ = services;
        _ = settings;
    }

    public static void MapConsole(this WebApplication app, ServerSettings settings)
    {
        if (settings.Console.IsAskedFor)
        {
            ServerLog.ConsoleMissing(app.Logger, "Console:Enabled", Why);
        }

        app.MapMissingConsole($"There is no console: {Why}.");
    }
}
