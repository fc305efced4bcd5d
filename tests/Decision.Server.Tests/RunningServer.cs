using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decision.Contracts.V1;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Server.Tests;

/// <summary>The real composition in this process, on free loopback ports, with a data folder of its own and a clock that stands still.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const string Secret = "a-secret-for-tests-only";

    private readonly WebApplication _app;
    private readonly List<GrpcChannel> _channels = [];
    private readonly TemporaryFolder? _ownFolder;
    private bool _isStopped;

    private RunningServer(WebApplication app, FakeTimeProvider time, TemporaryFolder? ownFolder)
    {
        (_app, Time, _ownFolder) = (app, time, ownFolder);
        Listeners = app.Services.GetRequiredService<ServerListeners>();
        if (Listeners.Grpc is { } grpc)
        {
            Channel = ChannelTo($"http://{grpc}");
        }

        Http = new HttpClient { BaseAddress = new Uri($"http://{Listeners.Http}") };
    }

    public FakeTimeProvider Time { get; }

    public ServerListeners Listeners { get; }

    public GrpcChannel Channel { get; } = null!;

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public AuthorizeService.AuthorizeServiceClient Client => new(Channel);

    public static Metadata Admin => new() { { "authorization", "Bearer " + Secret } };

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Settings over the tests' own, such as <c>Limits:QuotaExceededStatus=403</c>.</param>
    /// <param name="policies">Stored policies, id -> JSON.</param>
    /// <param name="apis">Stored APIs, id -> JSON.</param>
    /// <param name="replace">What takes the place of parts.</param>
    /// <param name="folder">The data folder; null = one of its own.</param>
    /// <param name="configFile">A settings file, under the settings; null = none.</param>
    public static async Task<RunningServer> StartAsync(
        string[]? settings = null,
        IReadOnlyDictionary<string, string>? policies = null,
        IReadOnlyDictionary<string, string>? apis = null,
        Action<IServiceCollection>? replace = null,
        TemporaryFolder? folder = null,
        string? configFile = null)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var all = new Dictionary<string, string?>
        {
            ["Server:Grpc"] = "127.0.0.1:0",
            ["Server:Http"] = "127.0.0.1:0",
            ["Data:Path"] = (folder ?? own!).Path,
            ["Storage:Path"] = folder is null ? ":memory:" : null,
            ["Admin:Secret"] = Secret,
            ["Logging:LogLevel:Default"] = "None",
        };
        foreach (string setting in settings ?? [])
        {
            string[] parts = setting.Split('=', 2);
            all[parts[0]] = parts[1];
        }

        var time = new FakeTimeProvider(new DateTimeOffset(2026, 2, 10, 12, 0, 0, TimeSpan.Zero));
        var app = DecisionServer.Build(
            new CommandLine(configFile, false, CommandLineQuestion.Nothing, all.Where(pair => pair.Value is not null).ToDictionary()),
            services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddHostedService(provider => new Seed(provider.GetRequiredService<IDocumentStore>(), policies, apis));
                replace?.Invoke(services);
            });
        await app.StartAsync();
        return new RunningServer(app, time, own);
    }

    /// <summary>Stores a key, and gives its text.</summary>
    public async Task<string> CreateKeyAsync(Key key)
    {
        string id = KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength));
        string token = KeyToken.Create(id, RandomNumberGenerator.GetBytes(KeyToken.SecretRandomLength));
        byte[] hash = new byte[KeyHash.ByteLength];
        KeyHasher.Sha256(token, hash);
        Assert.True(await Services.GetRequiredService<IKeyStore>().CreateAsync(
            new KeyRecord
            {
                Key = key with { Id = id },
                Hashes = [new KeyHash(KeyHashScheme.Sha256, [.. hash])],
                Version = 1,
            },
            CancellationToken.None));
        return token;
    }

    /// <summary>Stores a key with policies.</summary>
    public Task<string> CreateKeyAsync(params string[] policies) =>
        CreateKeyAsync(new Key { OrganizationId = "acme", Alias = "tester", ApplyPolicies = [.. policies] });

    public GrpcChannel ChannelTo(string address)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxSendMessageSize = null, MaxReceiveMessageSize = null });
        _channels.Add(channel);
        return channel;
    }

    public async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _app.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        Http.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }

    // Runs after the store is open and before the catalog is read.
    private sealed class Seed(
        IDocumentStore documents, IReadOnlyDictionary<string, string>? policies, IReadOnlyDictionary<string, string>? apis) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            foreach (var (kind, all) in new[] { (DocumentKind.Policy, policies), (DocumentKind.Api, apis) })
            {
                foreach (var (id, json) in all ?? ImmutableDictionary<string, string>.Empty)
                {
                    await documents.PutAsync(
                        new Document(kind, id, 1, "etag", Encoding.UTF8.GetBytes(json), 0), null, "create", cancellationToken);
                }
            }
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
