using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Counters;
using Microsoft.Extensions.Hosting;

namespace Decision.Storage.Redis.Hosting;

/// <summary>
/// Connects before any other part starts, and waits a moment for it: a start with Redis at hand then has its policies at once, and is ready for many
/// decisions at once.
/// </summary>
internal sealed class RedisStorageService(
    RedisConnection connection, SpendQueue queue, SpendLink link, RedisSettingsPart settings, RedisLayoutPart layout, RedisSecretsKeyPart secretsKey, RedisWarmUp warmUp, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        settings.Watch();
        layout.Watch();
        secretsKey.Watch();
        await connection.StartAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        if (connection.IsConnected)
        {
            await layout.RequireAsync().ConfigureAwait(false);
        }

        queue.Start();
        if (connection.IsConnected)
        {
            await link.Tried.WaitAsync(cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource patience = new(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await warmUp.RunAsync(either.Token).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
