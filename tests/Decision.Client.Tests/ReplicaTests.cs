using Microsoft.Extensions.Time.Testing;

namespace Decision.Client.Tests;

/// <summary>Several addresses, and addresses that fail and come back.</summary>
public class ReplicaTests
{
    [Fact]
    public async Task AuthorizeAsync_asks_every_address_in_turn()
    {
        await using var first = await FakeService.StartAsync();
        await using var second = await FakeService.StartAsync();
        using var client = TestClients.To($"{first.Address}, {second.Address}");

        for (int n = 0; n < 10; n++)
        {
            await client.AuthorizeAsync(TestClients.Request);
        }

        Assert.Equal((5, 5), (first.Asked.Count, second.Asked.Count));
    }

    [Fact]
    public async Task AuthorizeAsync_loses_nothing_by_an_address_that_takes_no_connection()
    {
        await using var alive = await FakeService.StartAsync();
        using var client = TestClients.To($"{TestClients.DeadAddress()},{alive.Address},{TestClients.DeadAddress()}");

        for (int n = 0; n < 20; n++)
        {
            var verdict = await client.AuthorizeAsync(TestClients.Request);
            Assert.Equal((true, null), (verdict.IsAllowed, verdict.Failure));
        }

        Assert.Equal(20, alive.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_goes_on_elsewhere_when_a_replica_stops()
    {
        await using var first = await FakeService.StartAsync();
        await using var second = await FakeService.StartAsync();
        using var client = TestClients.To($"{first.Address},{second.Address}");
        await client.AuthorizeAsync(TestClients.Request);
        await client.AuthorizeAsync(TestClients.Request);

        await first.StopAsync();
        for (int n = 0; n < 20; n++)
        {
            Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        }

        Assert.Equal(21, second.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_asks_others_while_a_replica_hangs()
    {
        await using var hanging = await FakeService.StartAsync();
        hanging.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return FakeService.Allowed();
        };
        await using var second = await FakeService.StartAsync();
        using var client = TestClients.To(
            $"{hanging.Address},{second.Address}", options => options.Deadline = TimeSpan.FromMilliseconds(300), new FakeTimeProvider());
        await client.ConnectAsync();
        int failures = 0;
        for (int n = 0; n < 20; n++)
        {
            failures += (await client.AuthorizeAsync(TestClients.Request)).IsFromFailureMode ? 1 : 0;
        }

        Assert.Equal(1, failures);
    }

    [Fact]
    public async Task AuthorizeAsync_uses_an_address_again_that_came_back()
    {
        var time = new FakeTimeProvider();
        await using var alive = await FakeService.StartAsync();
        string address;
        await using (var gone = await FakeService.StartAsync())
        {
            address = gone.Address;
        }

        using var client = TestClients.To($"{address},{alive.Address}", time: time);
        for (int n = 0; n < 4; n++)
        {
            Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        }

        await using var back = await FakeService.StartAsync(port: new Uri(address).Port);

        // Each turn of the clock is one look at the address that failed; the look itself is a real call.
        var until = TimeProvider.System.GetUtcNow() + TestClients.Patience;
        while (back.Asked.IsEmpty && TimeProvider.System.GetUtcNow() < until)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        }

        Assert.NotEmpty(back.Asked);
    }

    [Fact]
    public async Task AuthorizeAsync_of_one_address_works_with_the_first_call_after_it_came_back()
    {
        string address;
        await using (var gone = await FakeService.StartAsync())
        {
            address = gone.Address;
        }

        using var client = TestClients.To(address);
        for (int n = 0; n < 5; n++)
        {
            Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsFromFailureMode);
        }

        await using var back = await FakeService.StartAsync(port: new Uri(address).Port);

        Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
    }

    [Fact]
    public async Task AuthorizeAsync_from_many_threads_loses_nothing()
    {
        await using var first = await FakeService.StartAsync();
        await using var second = await FakeService.StartAsync();
        using var client = TestClients.To($"{first.Address},{second.Address}");

        await Parallel.ForAsync(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, cancellation) =>
        {
            var verdict = await client.AuthorizeAsync(TestClients.Request, cancellation);
            Assert.Null(verdict.Failure);
        });

        Assert.Equal((250, 250), (first.Asked.Count, second.Asked.Count));
    }

    [Fact]
    public async Task ConnectAsync_says_how_many_answer_and_asks_for_nothing()
    {
        await using var service = await FakeService.StartAsync();
        using var client = TestClients.To($"{service.Address},{TestClients.DeadAddress()}");

        Assert.Equal(1, await client.ConnectAsync());
        Assert.Empty(service.Asked);
    }
}
