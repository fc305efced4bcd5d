using System.IO.Pipelines;
using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Runtime.Stores;
using Decision.Server.Grpc;
using Decision.Server.Grpc.Wire;
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
        var batch = Batch(5, cost => Samples.Ask(cost == 3 ? "nobody-has-this-key" : key, ask => ask.Cost = cost));

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
    public async Task AuthorizeBatch_decides_so_many_at_a_time_and_no_more()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        var batch = Batch(3 * AtOnce.MostOfOne, cost => Samples.Ask(key, ask => ask.Cost = cost));

        var call = server.Client.AuthorizeBatchAsync(batch).ResponseAsync;
        await gate.WaitingAsync(AtOnce.MostOfOne);
        for (int cost = 3 * AtOnce.MostOfOne; cost > 0; cost--)
        {
            gate.Release(cost);
        }

        Assert.All((await call).Responses, answer => Assert.True(answer.Allowed));
        Assert.Equal(AtOnce.MostOfOne, gate.Peak);
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
        for (int cost = 1; cost <= AtOnce.MostOfOne + 10; cost++)
        {
            await stream.RequestStream.WriteAsync(Message(key, cost));
        }

        await gate.WaitingAsync(AtOnce.MostOfOne);
        for (int cost = 1; cost <= AtOnce.MostOfOne + 10; cost++)
        {
            gate.Release(cost);
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.Equal(AtOnce.MostOfOne, gate.Peak);
    }

    [Fact]
    public async Task Batches_and_streams_together_leave_room_and_each_goes_on()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        const int Calls = 12;
        var batch = Batch(AtOnce.MostOfOne, _ => Samples.Ask(key));

        // Twelve of 32 are more than there is room for, and a stream comes after them.
        var calls = Enumerable.Range(0, Calls).Select(_ => server.Client.AuthorizeBatchAsync(batch).ResponseAsync).ToArray();
        await gate.WaitingAsync(AtOnce.MostOfAll + 1);
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(Message(key, 2));
        gate.Release(2);
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        gate.Release(1);

        Assert.All(await Task.WhenAll(calls), call => Assert.All(call.Responses, answer => Assert.True(answer.Allowed)));
        Assert.InRange(gate.Peak, AtOnce.MostOfAll + 1, AtOnce.MostOfAll + Calls + 1);
    }

    [Fact]
    public async Task AuthorizeBatch_of_which_one_fails_leaves_the_room_to_others()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        var batch = Batch(AtOnce.MostOfOne, _ => Samples.Ask(key));
        var inner = gate.Inner;
        gate.Release(1);
        for (int call = 0; call < 20; call++)
        {
            gate.Inner = null!;
            await Failures.OfAsync(async () => await server.Client.AuthorizeBatchAsync(batch), StatusCode.Internal);
        }

        // 20 times 31 are more than there is room for: were it not given back, each would be decided alone by now.
        gate.Inner = inner;
        var last = server.Client.AuthorizeBatchAsync(Batch(AtOnce.MostOfOne, _ => Samples.Ask(key, ask => ask.Cost = 2))).ResponseAsync;
        await gate.WaitingAsync(AtOnce.MostOfOne);
        gate.Release(2);
        Assert.All((await last).Responses, answer => Assert.True(answer.Allowed));
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

    [Fact]
    public async Task A_client_that_does_not_read_its_answers_holds_up_no_other()
    {
        var gate = new GatedCounters();
        await using var server = await StartAsync(gate);
        string key = await server.CreateKeyAsync("wide");
        var atOnce = server.Services.GetRequiredService<AtOnce>();
        var runtime = server.Services.GetRequiredService<DecisionRuntime>();
        var verdicts = server.Services.GetRequiredService<VerdictWriter>();
        var unread = new UnreadStream();
        using var answers = new StreamAnswers(runtime, atOnce, unread, PipeWriter.Create(Stream.Null), verdicts, CancellationToken.None);
        for (int place = 0; place < AtOnce.MostOfOne; place++)
        {
            await answers.DecideAsync(RequestMapping.ToCall(Samples.Ask(key), null), "");
        }

        await gate.WaitingAsync(AtOnce.MostOfOne);
        gate.Release(1);

        // All are decided and none is read; the room of all is free, though the stream itself takes no more.
        for (int place = 0; place < AtOnce.MostOfAll; place++)
        {
            await atOnce.TakeAsync();
        }

        unread.Read.SetResult();
        await answers.EndAsync();
        answers.ThrowIfFailed();
    }

    // Requests by their numbers, from 1 on.
    private static AuthorizeBatchRequest Batch(int count, Func<int, AuthorizeRequest> ask)
    {
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Range(1, count).Select(ask));
        return batch;
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

    private sealed class UnreadStream : IServerStreamWriter<WrittenAnswer>
    {
        public TaskCompletionSource Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WrittenAnswer message) => Read.Task;
    }
}
