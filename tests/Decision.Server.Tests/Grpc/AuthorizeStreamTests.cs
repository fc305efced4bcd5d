using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Grpc;

public class AuthorizeStreamTests
{
    [Fact]
    public async Task AuthorizeStream_answers_each_request_with_its_id()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        using var stream = server.Client.AuthorizeStream();

        foreach (string id in (string[])["a", "b", "c"])
        {
            await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask(key, ask => ask.RequestId = id) });
        }

        await stream.RequestStream.CompleteAsync();
        var answers = await stream.ResponseStream.ReadAllAsync().ToDictionaryAsync(answer => answer.RequestId, answer => answer.Response.Reason);

        Assert.Equal(new() { ["a"] = Reason.Allowed, ["b"] = Reason.Allowed, ["c"] = Reason.RateLimited }, answers);
    }

    [Fact]
    public async Task AuthorizeStream_answers_what_came_together_while_the_client_may_send_more()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        using var stream = server.Client.AuthorizeStream();

        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 100; i++)
            {
                await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody", ask => ask.RequestId = $"{round}-{i}") });
            }

            HashSet<string> answered = [];
            while (answered.Count < 100)
            {
                Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
                answered.Add(stream.ResponseStream.Current.RequestId);
            }

            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{round}-{i}").ToHashSet(), answered);
        }
    }

    [Fact]
    public async Task AuthorizeStream_answers_come_before_what_ends_it()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        using var stream = server.Client.AuthorizeStream();
        for (int i = 0; i < 20; i++)
        {
            await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody") });
        }

        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest());

        for (int i = 0; i < 20; i++)
        {
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.Equal(["request"], await Failures.FieldsOfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None)));
    }

    [Fact]
    public async Task AuthorizeStream_malformed_request_ends_it()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody") });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("k", ask => ask.Method = "") });

        Assert.Equal(["request.method"], await Failures.FieldsOfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None)));
    }

    [Fact]
    public async Task AuthorizeStream_absent_request_ends_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var stream = server.Client.AuthorizeStream();

        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest());

        Assert.Equal(["request"], await Failures.FieldsOfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None)));
    }

    [Fact]
    public async Task AuthorizeStream_open_at_a_stop_is_told_to_go_elsewhere()
    {
        await using var server = await RunningServer.StartAsync();
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("nobody") });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        var stopping = server.StopAsync();

        await Failures.OfAsync(() => stream.ResponseStream.MoveNext(CancellationToken.None), StatusCode.Unavailable);
        await stopping;
    }
}
