using System.Collections.Concurrent;
using System.Net;
using Decision.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Client.Tests;

/// <summary>A service over real connections that answers what a test says, and keeps what it was asked.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _streams;

    private FakeService(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public ConcurrentQueue<AuthorizeRequest> Asked { get; } = new();

    public ConcurrentQueue<Metadata> Headers { get; } = new();

    /// <summary>How many streams were opened.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Ends a call amid its answer: its <c>stream</c>, its <c>connection</c>, or with the status of a service that stops.</summary>
    public static void Break(ServerCallContext context, string what)
    {
        var http = context.GetHttpContext();
        switch (what)
        {
            case "stream":
                http.Abort();
                break;
            case "connection":
                http.Features.Get<IConnectionLifetimeFeature>()!.Abort();
                break;
            default:
                throw new RpcException(new Status(StatusCode.Unavailable, "stopping"));
        }
    }

    public Func<AuthorizeRequest, ServerCallContext, Task<AuthorizeResponse>> Answer { get; set; } = (_, _) => Task.FromResult(Allowed());

    public static AuthorizeResponse Allowed() =>
        new() { Allowed = true, Reason = Contracts.V1.Reason.Allowed, HttpStatus = 200, DecisionId = "d-1", KeyId = "k-1" };

    /// <summary>How many answers fewer than requests a batch gets.</summary>
    public int LeaveOut { get; set; }

    /// <summary>Starts one, on a free port, on <paramref name="port"/>, or on a Unix socket.</summary>
    public static async Task<FakeService> StartAsync(
        Func<AuthorizeRequest, AuthorizeResponse>? answer = null, HttpsConnectionAdapterOptions? tls = null, string? socket = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Endpoint>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (socket is not null)
            {
                kestrel.ListenUnixSocket(socket, options => options.Protocols = HttpProtocols.Http2);
                return;
            }

            kestrel.Listen(IPAddress.Loopback, port, options =>
            {
                options.Protocols = HttpProtocols.Http2;
                if (tls is not null)
                {
                    options.UseHttps(tls);
                }
            });
        });
        var app = builder.Build();
        app.MapGrpcService<Endpoint>();
        var service = new FakeService(app);
        app.Services.GetRequiredService<Endpoint>().Owner = service;
        if (answer is not null)
        {
            service.Answer = (request, _) => Task.FromResult(answer(request));
        }

        await app.StartAsync();
        service.Address = socket is not null ? "unix:" + socket
            : app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return service;
    }

    /// <summary>A client of it.</summary>
    public DecisionClient Client(Action<DecisionClientOptions>? change = null, TimeProvider? time = null) => TestClients.To(Address, change, time);

    public Task StopAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Endpoint : AuthorizeService.AuthorizeServiceBase
    {
        public FakeService Owner { get; set; } = null!;

        public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context)
        {
            Owner.Asked.Enqueue(request);
            Owner.Headers.Enqueue(context.RequestHeaders);
            return Owner.Answer(request, context);
        }

        // Each is answered when its answer is ready; the first that fails ends the stream.
        public override async Task AuthorizeStream(
            IAsyncStreamReader<AuthorizeStreamRequest> requestStream, IServerStreamWriter<AuthorizeStreamResponse> responseStream, ServerCallContext context)
        {
            Interlocked.Increment(ref Owner._streams);
            using var writing = new SemaphoreSlim(1);
            var ended = new TaskCompletionSource();
            async Task AnswerAsync(AuthorizeRequest request)
            {
                var response = await Authorize(request, context);
                await writing.WaitAsync();
                await responseStream.WriteAsync(new AuthorizeStreamResponse { RequestId = request.RequestId, Response = response });
                writing.Release();
            }

            async Task ReadAsync()
            {
                var answers = new List<Task>();
                await foreach (var one in requestStream.ReadAllAsync())
                {
                    var answer = AnswerAsync(one.Request);
                    answers.Add(answer);
                    _ = answer.ContinueWith(failed => ended.TrySetException(failed.Exception!.InnerExceptions), TaskContinuationOptions.OnlyOnFaulted);
                }

                await Task.WhenAll(answers);
            }

            await await Task.WhenAny(ReadAsync(), ended.Task);
        }

        public override async Task<AuthorizeBatchResponse> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
        {
            var response = new AuthorizeBatchResponse();
            foreach (var one in request.Requests)
            {
                response.Responses.Add(await Authorize(one, context));
            }

            for (int n = 0; n < Owner.LeaveOut; n++)
            {
                response.Responses.RemoveAt(response.Responses.Count - 1);
            }

            return response;
        }
    }
}
