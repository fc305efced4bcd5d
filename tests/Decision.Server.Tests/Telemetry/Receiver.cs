using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Telemetry;

/// <summary>Takes what the server posts, on a free port of loopback.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Posted> _posted = Channel.CreateUnbounded<Posted>();

    private Receiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>What each answer's status is to be, one after the other; then 200.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    /// <summary>What came.</summary>
    public ChannelReader<Posted> Posts => _posted.Reader;

    public static async Task<Receiver> StartAsync(bool isHttp2 = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(options => options.ConfigureEndpointDefaults(
            listen => listen.Protocols = isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next one on a path.</summary>
    public async Task<Posted> NextAsync(string path)
    {
        while (true)
        {
            var posted = await Posts.ReadAsync(TestContext.Current.CancellationToken);
            if (posted.Path == path)
            {
                return posted;
            }
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.StatusCode = Answers.TryDequeue(out int status) ? status : StatusCodes.Status200OK;
        if (context.Request.Protocol == "HTTP/2")
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5]);
        }

        _posted.Writer.TryWrite(new Posted(
            context.Request.Path, body.ToArray(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }
}
