using System.Net;
using Decision.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Benchmarks.Load;

/// <summary>The baseline: the same service and messages on the same web server, but a constant answer. What is above it is what deciding costs.</summary>
internal static class BareServer
{
    /// <summary>Serves until it is told to stop. <c>--port N</c>, by default 50950, on the loopback address.</summary>
    public static async Task RunAsync(string[] args)
    {
        int port = int.Parse((args is ["--port", var text] ? text : null) ?? "50950", System.Globalization.CultureInfo.InvariantCulture);
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
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<ConstantAnswer>();
        await app.RunAsync();
    }

    private sealed class ConstantAnswer : AuthorizeService.AuthorizeServiceBase
    {
        private static readonly Task<AuthorizeResponse> Answer =
            Task.FromResult(new AuthorizeResponse { Allowed = true, Reason = Reason.Allowed, HttpStatus = 200 });

        public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context) => Answer;
    }
}
