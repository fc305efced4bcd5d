using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Proxies;

/// <summary>The application behind a proxy: answers 200, or what <c>X-Want-Status</c> says, and keeps what it was sent.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _received = new();

    private Application(WebApplication app) => _app = app;

    public IPEndPoint Address { get; private set; } = null!;

    public IReadOnlyCollection<ReceivedRequest> Received => _received;

    /// <summary>The last request that came through.</summary>
    public ReceivedRequest Last => _received.Last();

    public static async Task<Application> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = new Application(builder.Build());
        application._app.Run(application.AnswerAsync);
        await application._app.StartAsync();
        string url = application._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        application.Address = IPEndPoint.Parse(new Uri(url).Authority);
        return application;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        using var body = new StreamReader(context.Request.Body);
        _received.Enqueue(new ReceivedRequest(
            context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, headers, await body.ReadToEndAsync()));
        if (headers.TryGetValue("X-Want-Status", out string? status))
        {
            context.Response.StatusCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync("from the application");
    }

    /// <summary>A request as the application got it.</summary>
    internal sealed record ReceivedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        /// <summary>A header's value; empty = not there.</summary>
        public string Header(string name) => Headers.GetValueOrDefault(name, "");
    }
}
