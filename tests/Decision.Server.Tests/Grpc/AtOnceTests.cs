using Decision.Contracts.V1;
using Decision.Runtime.Stores;
using Decision.Server.Grpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Grpc;

/// <summary>Where the store takes its time, the requests of a batch and of a stream are decided at a time, not one after another.</summary>
public class AtOnceTests
{
    private const string Wide = """{"org_id":"acme","rate":100000,"per":60,"access_rights":{"orders":{"api_id":"orders","versions":[]}}}""";

    [Fact]
    public async Task AuthorizeBatch_asks_the_store_for_all_before_it_waits_and_answers_in_order()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Range(1, 5).Select(cost => Samples.Ask(cost == 3 ? "nobody-has-this-key" : key, ask => ask.Cost = cost)));

        var call = server.Client.AuthorizeBatchAsync(batch).ResponseAsync;
        await gate.WaitingAsync(4);
        for (int cost = 5; cost > 0; cost--)
        {
            gate.Release(cost);
        }

        var answers = (await call).Responses;
        Assert.Equal([Reason.Allowed, Reason.Allowed, Reason.KeyUnknown, Reason.Allowed, Reason.Allowed], answers.Select(answer => answer.Reason));

        // What each spent shows which request it answers.
        Assert.Equal(100_000 - (1 + 2 + 4 + 5), answers.Where(answer => answer.Allowed).Min(answer => answer.Limits[0].Remaining));
    }

    [Fact]
    public async Task AuthorizeStream_answers_what_is_ready_though_an_earlier_one_is_not()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        using var stream = server.Client.AuthorizeStream();
        foreach (int cost in (int[])[1, 2, 3])
        {
            await stream.RequestStream.WriteAsync(Message(key, cost));
        }

        await gate.WaitingAsync(3);
        foreach (int cost in (int[])[3, 1, 2])
        {
            gate.Release(cost);
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal((cost.ToString(System.Globalization.CultureInfo.InvariantCulture), true), (stream.ResponseStream.Current.RequestId, stream.ResponseStream.Current.Response.Allowed));
        }

        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task AuthorizeStream_decides_so_many_at_a_time_and_no_more()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        using var stream = server.Client.AuthorizeStream();
        for (int cost = 1; cost <= StreamAnswers.MostAtOnce + 10; cost++)
        {
            await stream.RequestStream.WriteAsync(Message(key, cost));
        }

        await gate.WaitingAsync(StreamAnswers.MostAtOnce);
        for (int cost = 1; cost <= StreamAnswers.MostAtOnce + 10; cost++)
        {
            gate.Release(cost);
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.Equal(StreamAnswers.MostAtOnce, gate.Peak);
    }

    [Fact]
    public async Task AuthorizeStream_tells_what_is_under_way_before_a_malformed_request_ends_it()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(Message(key, 1));
        await gate.WaitingAsync(1);

        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest());
        gate.Release(1);

        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("1", stream.ResponseStream.Current.RequestId);
        Assert.Equal(["request"], await Failures.FieldsOfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None)));
    }

    [Fact]
    public async Task AuthorizeStream_tells_what_is_under_way_before_a_stop_ends_it()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(Message(key, 1));
        await gate.WaitingAsync(1);

        var stopping = server.StopAsync();
        gate.Release(1);

        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("1", stream.ResponseStream.Current.RequestId);
        await Failures.OfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None), StatusCode.Unavailable);
        await stopping;
    }

    [Fact]
    public async Task AuthorizeStream_of_a_decision_that_fails_ends_and_says_so()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(Message(key, 1));
        await gate.WaitingAsync(1);

        // No store throws this: a defect.
        gate.Inner = null!;
        gate.Release(1);

        await Failures.OfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None), StatusCode.Internal);
    }

    private static AuthorizeStreamRequest Message(string key, int cost) => new()
    {
        Request = Samples.Ask(key, ask => (ask.Cost, ask.RequestId) = (cost, cost.ToString(System.Globalization.CultureInfo.InvariantCulture))),
    };

    private static Task<RunningServer> StartAsync(GatedCounters gate) => RunningServer.StartAsync(
        policies: new Dictionary<string, string> { ["wide"] = Wide },
        replace: services =>
        {
            var inner = services.Last(service => service.ServiceType == typeof(ICounterStore));
            services.AddSingleton<ICounterStore>(provider =>
            {
                gate.Inner = (ICounterStore)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!));
                return gate;
            });
        });
}
