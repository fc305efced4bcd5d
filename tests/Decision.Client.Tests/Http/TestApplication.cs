using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Decision.Client.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Client.Tests.Http;

/// <summary>An application with the middleware, over real connections, in front of a service that answers what a test says.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApplication(WebApplication app, FakeService service, FakeTimeProvider time) => (_app, Service, Time) = (app, service, time);

    public FakeService Service { get; }

    public FakeTimeProvider Time { get; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>What reached the application: the headers, by name, and <c>:query</c>, <c>:target</c>.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Passed { get; } = new();

    public Verdict? LastVerdict { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="settings">Settings below <c>Decision:</c>, such as <c>Middleware:ApiId=orders</c>, over an API id that is set.</param>
    /// <param name="map">Endpoints; null = one that takes everything.</param>
    /// <param name="pipeline">What stands in the pipeline; null = the middleware.</param>
    public static async Task<TestApplication> StartAsync(
        string[]? settings = null, Action<WebApplication, TestApplication>? map = null, Action<WebApplication>? pipeline = null)
    {
        var service = await FakeService.StartAsync();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 2, 10, 12, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var all = new Dictionary<string, string?>
        {
            ["Decision:Address"] = service.Address,
            ["Decision:Deadline"] = "30s",
            ["Decision:Middleware:ApiId"] = "orders",
        };
        foreach (string setting in settings ?? [])
        {
            string[] parts = setting.Split('=', 2);
            all["Decision:" + parts[0]] = parts[1].Length > 0 || parts[0] != "Middleware:ApiId" ? parts[1] : null;
        }

        builder.Configuration.AddInMemoryCollection(all);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddDecision();
        var app = builder.Build();
        var started = new TestApplication(app, service, time);
        (pipeline ?? (it => it.UseDecision()))(app);
        if (map is null)
        {
            app.MapFallback("{**rest}", started.AnswerAsync);
        }

        map?.Invoke(app, started);
        await app.StartAsync();
        started.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        started.Http.BaseAddress = started.Address;
        return started;
    }

    public Task AnswerAsync(HttpContext context)
    {
        var passed = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        passed[":query"] = context.Request.QueryString.Value ?? "";
        passed[":target"] = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        Passed.Enqueue(passed);
        LastVerdict = context.Features.Get<IDecisionFeature>()?.Verdict;
        return context.Response.WriteAsync("passed");
    }

    public Task<HttpResponseMessage> SendAsync(string path = "/orders/1", string method = "GET", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return Http.SendAsync(request);
    }

    /// <summary>Sends a request as it is written, and gives the status line and headers of the answer.</summary>
    public async Task<string> SendRawAsync(string head)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, Address.Port);
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"));
        using var reader = new StreamReader(connection.GetStream(), Encoding.Latin1);
        var answer = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            answer.AppendLine(line);
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Service.DisposeAsync();
    }
}
