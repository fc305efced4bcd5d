using System.Globalization;
using System.Net;
using Decision.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Benchmarks.Load;

/// <summary>The baseline: the same service and messages on the same web server, but a constant answer. What is above it is what deciding costs.</summary>
internal static class BareServer
{
    /// <summary>
    /// <c>bare GRPC-PORT HTTP-PORT</c>: serves on the loopback address until it is told to stop. At <c>/metrics</c> it says what it allocated, as the
    /// real server does.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var grpcText, var httpText] || !int.TryParse(grpcText, out int grpcPort) || !int.TryParse(httpText, out int httpPort))
        {
            await Console.Error.WriteLineAsync("Write: bare GRPC-PORT HTTP-PORT.");
            return 2;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // As in the server's ServerListeners.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = (4 << 20) + 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 512 * 1024;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, httpPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<ConstantAnswer>();
        app.MapGet("/metrics", context => context.Response.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"dotnet_gc_heap_total_allocated_bytes_total {GC.GetTotalAllocatedBytes()}\n")));
        await app.RunAsync();
        return 0;
    }

    private sealed class ConstantAnswer : AuthorizeService.AuthorizeServiceBase
    {
        private static readonly Task<AuthorizeResponse> Answer =
            Task.FromResult(new AuthorizeResponse { Allowed = true, Reason = Reason.Allowed, HttpStatus = 200 });

        public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context) => Answer;
    }
}
