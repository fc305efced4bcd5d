using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decision.Runtime.Observation.Quotas;
using Decision.Server.Tests.Telemetry;
using Decision.Server.Tests.TykApi;
using Decision.Server.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Webhooks;

/// <summary>Events about quotas, as their receiver gets them.</summary>
public sealed class WebhookTests
{
    private const string Secret = "a-webhook-secret-for-tests";

    [Fact]
    public async Task A_threshold_is_posted_once_signed_and_tried_again_until_it_arrives()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers.Enqueue(503);
        receiver.Answers.Enqueue(429);
        using var lines = new LoggedLines();
        await using var server = await StartAsync(receiver, lines, "Events:QuotaThresholds=60, 100");
        string key = await server.CreateKeyAsync("small");

        var spent = await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.Cost = 2));
        var first = await receiver.NextAsync("/hook");
        await TriedAgainAsync(server, lines, 1, TimeSpan.FromSeconds(1));
        var second = await receiver.NextAsync("/hook");
        await TriedAgainAsync(server, lines, 2, TimeSpan.FromSeconds(2));
        var third = await receiver.NextAsync("/hook");
        await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.Peek = true));

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Text, third.Text);
        var body = JsonDocument.Parse(third.Text).RootElement;
        Assert.Equal(("quota_threshold", 60, 2, 3), (Text(body, "type"), body.GetProperty("threshold_percent").GetInt32(), body.GetProperty("used").GetInt32(), body.GetProperty("limit").GetInt32()));
        Assert.Equal((spent.KeyId, "acme", "tester", "policy:small"), (Text(body, "key_id"), Text(body, "organization_id"), Text(body, "alias"), Text(body, "scope")));
        Assert.Equal(Text(body, "id"), third.Headers["X-Decision-Event"]);
        Assert.Equal(Signature(third), third.Headers["X-Decision-Signature"]);
        Assert.NotEqual(first.Headers["X-Decision-Signature"], third.Headers["X-Decision-Signature"]);
        Assert.DoesNotContain(lines.Lines, line => line.Contains(Secret, StringComparison.Ordinal) || line.Contains(key, StringComparison.Ordinal));

        server.Time.Advance(TimeSpan.FromSeconds(20));
        await server.Client.AuthorizeAsync(Samples.Ask(key));
        Assert.Equal(100, JsonDocument.Parse((await receiver.NextAsync("/hook")).Text).RootElement.GetProperty("threshold_percent").GetInt32());
    }

    [Fact]
    public async Task What_the_receiver_refuses_for_good_is_given_up_and_the_next_event_comes()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers.Enqueue(410);
        using var lines = new LoggedLines();
        await using var server = await StartAsync(receiver, lines);
        var webhook = server.Services.GetRequiredService<Webhook>();

        webhook.Raise(Event("one"));
        webhook.Raise(Event("two"));

        Assert.Equal("one", (await receiver.NextAsync("/hook")).Headers["X-Decision-Event"]);
        Assert.Equal("two", (await receiver.NextAsync("/hook")).Headers["X-Decision-Event"]);
        Assert.Single(lines.Lines, line => line.Contains("The event one did not arrive and is given up: the receiver answered 410", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_has_six_tries_and_what_waits_at_a_stop_is_said()
    {
        var receiver = await Receiver.StartAsync();
        using var lines = new LoggedLines();
        await using var server = await StartAsync(receiver, lines);
        await receiver.DisposeAsync();
        var webhook = server.Services.GetRequiredService<Webhook>();
        webhook.Raise(Event("lost"));
        for (int number = 1; number < Webhook.MostTries; number++)
        {
            await TriedAgainAsync(server, lines, number, TimeSpan.FromSeconds(1 << (number - 1)));
        }

        await SaidAsync(lines, "The event lost did not arrive and is given up");
        webhook.Raise(Event("waits"));
        webhook.Raise(Event("waits-behind-it"));
        await SaidAsync(lines, "The event waits did not arrive at try 1");
        await server.StopAsync();

        Assert.Contains(lines.Lines, line => line.Contains("1 events for the webhook were not sent before the stop.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_without_room_are_dropped_and_counted()
    {
        var receiver = await Receiver.StartAsync();
        using var lines = new LoggedLines();
        await using var server = await StartAsync(receiver, lines);
        await receiver.DisposeAsync();
        var webhook = server.Services.GetRequiredService<Webhook>();
        webhook.Raise(Event("first"));
        await SaidAsync(lines, "The event first did not arrive at try 1");

        for (int number = 0; number < Webhook.MostWaiting + 3; number++)
        {
            webhook.Raise(Event($"e{number}"));
        }

        Assert.Contains(lines.Lines, line => line.Contains("Too many events wait for the webhook: 1 were dropped.", StringComparison.Ordinal));
        string metrics = await server.Http.GetStringAsync("/metrics");
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("decision_webhook_events_total{", StringComparison.Ordinal) && line.Contains("dropped", StringComparison.Ordinal));
    }

    private static async Task TriedAgainAsync(RunningServer server, LoggedLines lines, int number, TimeSpan pause)
    {
        // It is said when the pause has begun.
        await SaidAsync(lines, $"did not arrive at try {number}, the next one is in {pause}");
        server.Time.Advance(pause);
    }

    private static async Task SaidAsync(LoggedLines lines, string part)
    {
        while (!lines.Lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task<RunningServer> StartAsync(Receiver receiver, LoggedLines lines, params string[] settings) => RunningServer.StartAsync(
        [$"Events:Webhook:Address={receiver.Address}/hook", $"Events:Webhook:Secret={Secret}", "Logging:Console:LogLevel:Default=None", .. settings],
        policies: Samples.Policies,
        replace: services => services.AddLogging(logging => logging.AddProvider(lines).AddFilter<LoggedLines>(null, LogLevel.Information)));

    private static QuotaEvent Event(string id) => new()
    {
        Id = id, At = DateTimeOffset.UnixEpoch, Threshold = 80, Used = 80, Max = 100, Scope = "key", Origin = "key",
    };

    private static string Signature(Posted posted)
    {
        string seconds = posted.Headers["X-Decision-Signature"].Split(',')[0][2..];
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. posted.Body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}";
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
