using Decision.Runtime.Transfer;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decision.Server.Transfer;

/// <summary>The stores as the server opens them, and nothing that listens.</summary>
internal static class TransferHost
{
    /// <summary>A host that opens the store at its start and closes it at its end.</summary>
    public static IHost Build(ServerSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });

        // Standard output may be the export; what goes as it should is told by the command's own summary.
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        DecisionServer.AddStores(builder.Services, settings);
        builder.Services.AddSingleton<StoreExport>();
        builder.Services.AddSingleton<StoreImport>();
        return builder.Build();
    }
}
