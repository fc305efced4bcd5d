using System.Net;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>A stop of the built server: it says that it goes, then takes calls for a while, then lets those that run end.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Terminated_server_says_so_first_answers_for_its_delay_and_ends_with_0()
    {
        await using var server = ServerProcess.Start(
            _folder.Path,
            "--Server:Grpc=127.0.0.1:0",
            "--Server:Http=127.0.0.1:0",
            "--Server:DrainDelay=2s",
            "--Server:DrainTime=10s",
            $"--Data:Path={_folder.Path}",
            "--Storage:Path=:memory:");
        using var channel = GrpcChannel.ForAddress("http://" + await server.ReadyAsync());
        using var http = new HttpClient { BaseAddress = new Uri("http://" + await server.ReadyHttpAsync()) };
        var decisions = new AuthorizeService.AuthorizeServiceClient(channel);
        using var watch = new global::Grpc.Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest());
        await StatusAsync(watch, HealthCheckResponse.Types.ServingStatus.Serving);
        using var stream = decisions.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody") });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        var next = stream.ResponseStream.MoveNext(CancellationToken.None);

        server.Terminate();

        // Told first, while everything is still answered.
        await StatusAsync(watch, HealthCheckResponse.Types.ServingStatus.NotServing);
        using var ready = await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("\"draining\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Reason.KeyUnknown, (await decisions.AuthorizeAsync(Samples.Ask("nobody"))).Reason);

        // A call that was answered before it broke off; then no more, and nothing was left half said.
        int answered = 0;
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                Assert.Equal(Reason.KeyUnknown, (await decisions.AuthorizeAsync(Samples.Ask("nobody"))).Reason);
                answered++;
            }
        });
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.InRange(answered, 1, int.MaxValue);
        var ended = await Assert.ThrowsAsync<RpcException>(() => next);
        Assert.Equal((StatusCode.Unavailable, true), (ended.StatusCode, ended.Status.Detail.StartsWith("The server is stopping", StringComparison.Ordinal)));
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("A stop was asked for", server.Output, StringComparison.Ordinal);
    }

    private static async Task StatusAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, HealthCheckResponse.Types.ServingStatus wanted)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        }
        while (watch.ResponseStream.Current.Status != wanted);
    }
}
