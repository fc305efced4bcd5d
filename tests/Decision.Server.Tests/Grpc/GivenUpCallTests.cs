using Decision.Contracts.V1;
using Decision.Runtime.Stores;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Grpc;

/// <summary>Calls that their caller gives up while the key is looked for.</summary>
public class GivenUpCallTests
{
    [Fact]
    public async Task Authorize_cancelled_spends_nothing()
    {
        var gate = new Gate();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("small");
        using var cancellation = new CancellationTokenSource();
        var call = server.Client.AuthorizeAsync(Samples.Ask(key), cancellationToken: cancellation.Token).ResponseAsync;
        await gate.Asked;

        await cancellation.CancelAsync();

        await Failures.OfAsync(() => call, StatusCode.Cancelled);
        await gate.GivenUp;
        await AssertUnspentAsync(server, key);
    }

    [Fact]
    public async Task Authorize_expired_spends_nothing()
    {
        var gate = new Gate();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("small");

        // A call's deadline is a moment of the real clock.
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500);
        var call = server.Client.AuthorizeAsync(Samples.Ask(key), deadline: deadline).ResponseAsync;

        await Failures.OfAsync(() => call, StatusCode.DeadlineExceeded);
        await gate.GivenUp;
        await AssertUnspentAsync(server, key);
    }

    private static Task<RunningServer> StartAsync(Gate gate) => RunningServer.StartAsync(
        policies: Samples.Policies,
        replace: services =>
        {
            var inner = services.Last(service => service.ServiceType == typeof(IKeyStore));
            services.AddSingleton<IKeyStore>(provider => new WaitingKeys(
                (IKeyStore)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!), gate));
        });

    private static async Task AssertUnspentAsync(RunningServer server, string key)
    {
        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));
        Assert.Equal([2, 3], verdict.Limits.Select(limit => limit.Remaining));
    }

    private sealed class Gate
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public Task GivenUp => _givenUp.Task;

        public async Task PassAsync(CancellationToken cancellation)
        {
            if (_givenUp.Task.IsCompleted)
            {
                return;
            }

            _asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
            finally
            {
                _givenUp.TrySetResult();
            }
        }
    }

    private sealed class WaitingKeys(IKeyStore inner, Gate gate) : IKeyStore
    {
        public async ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation)
        {
            await gate.PassAsync(cancellation);
            return await inner.FindAsync(keyId, cancellation);
        }

        public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) => inner.FindIdByHashAsync(hash, cancellation);

        public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation) => inner.CreateAsync(record, cancellation);

        public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
            inner.ReplaceAsync(record, expectedVersion, cancellation);

        public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
            inner.DeleteAsync(keyId, expectedVersion, cancellation);

        public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
            inner.ListAsync(filter, afterId, size, cancellation);

        public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) => inner.CountAsync(filter, cancellation);

        public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
            inner.CountUsingAsync(policyIds, cancellation);
    }
}
