using Decision.Runtime.Catalogs;
using Decision.Runtime.Stores;
using Decision.Server.Configuration;
using Decision.Server.Demo;
using Decision.Server.Transfer;
using Decision.Storage.Redis.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Decision.Server.Hosting;

/// <summary>A run of the server from start to exit code.</summary>
internal static class ServerProgram
{
    /// <summary>The server could not start: an address in use, a database that cannot be opened, policies that cannot be read.</summary>
    public const int StartFailed = 1;

    /// <summary>Wrong use: settings or arguments.</summary>
    public const int WrongUse = 2;

    /// <summary>Runs until a stop is asked for.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            var commandLine = CommandLine.Read(args);
            if (commandLine.Asks != CommandLineQuestion.Nothing)
            {
                await output.WriteLineAsync(commandLine.Asks == CommandLineQuestion.Help ? HelpText.Help : HelpText.Version);
                return 0;
            }

            if (commandLine.Transfer is not null)
            {
                return await TransferProgram.RunAsync(commandLine, output, errors);
            }

            if (commandLine.Restores is not null)
            {
                return await RestoreProgram.RunAsync(commandLine, output, errors);
            }

            await using var app = DecisionServer.Build(commandLine, WarmUp.AddCall);
            if (WarmUp.IsNeeded && app.Services.GetRequiredService<ServerSettings>() is { Redis: not null } settings)
            {
                await WarmUp.RunAsync(settings);
            }

            await app.StartAsync();
            Announce(app);
            if (commandLine.IsDemo)
            {
                await output.WriteLineAsync(app.Services.GetRequiredService<DemoGuide>().Text());
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (SettingsException exception)
        {
            await errors.WriteLineAsync(TransferCommand.IsIn(args) || RestoreCommand.IsIn(args)
                ? "Nothing was done:"
                : "The server cannot start with these settings:");
            foreach (string problem in exception.Problems)
            {
                await errors.WriteLineAsync("  " + problem);
            }

            return WrongUse;
        }
        catch (Exception exception) when (Sentence(exception) is { } sentence)
        {
            await errors.WriteLineAsync("The server cannot start: " + sentence);
            return StartFailed;
        }
    }

    private static void Announce(WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Decision.Server");
        var listeners = app.Services.GetRequiredService<ServerListeners>();
        var rules = app.Services.GetRequiredService<Catalog>().Rules;
        var settings = app.Services.GetRequiredService<ServerSettings>();
        string store = settings.Redis is null ? settings.StoragePath : "Redis at " + app.Services.GetRequiredService<RedisAddress>().Text;
        string addresses = listeners.ToString();
        ServerLog.Started(log, HelpText.Version, addresses, store, rules.Policies.Count, rules.Apis.Count);
    }

    /// <summary>What a person needs to know of a failed start; null = unforeseen, which deserves its stack trace.</summary>
    private static string? Sentence(Exception exception) => exception switch
    {
        StoreException or CatalogException or OptionsValidationException => exception.Message,
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message.TrimEnd('.')}. Stop what listens there, or set another address (Server:Grpc, Server:Http).",
        IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException =>
            $"{exception.Message.TrimEnd('.')}. Set addresses of this machine that the server's user may open (Server:Grpc, Server:Http).",
        AggregateException { InnerExceptions: [var only] } => Sentence(only),
        _ => null,
    };
}
