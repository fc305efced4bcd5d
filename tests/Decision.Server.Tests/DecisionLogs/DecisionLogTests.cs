using System.Text.Json;
using Decision.Contracts.V1;
using Decision.Runtime.Observation.Notes;
using Decision.Server.DecisionLogs;
using Decision.Server.Tests.Telemetry;
using Reason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Tests.DecisionLogs;

public sealed class DecisionLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "decisions.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refused_has_each_refusal_by_the_id_of_its_answer_and_no_admission()
    {
        await using var server = await StartAsync("DecisionLog:Mode=refused");
        string key = await server.CreateKeyAsync("small");
        string path = $"/orders/{key}/x?api_key={key}";
        AuthorizeResponse[] answers =
        [
            await server.Client.AuthorizeAsync(Samples.Ask(key)),
            await server.Client.AuthorizeAsync(Samples.Ask(key)),
            await server.Client.AuthorizeAsync(Samples.Ask(key, request => (request.Path, request.ClientIp) = (path, "192.0.2.7"))),
            (await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { Samples.Ask("a-key-that-nobody-has-1") } })).Responses[0],
        ];

        await server.StopAsync();

        var lines = Lines();
        Assert.Equal([Reason.Allowed, Reason.Allowed, Reason.RateLimited, Reason.KeyUnknown], answers.Select(answer => answer.Reason));
        Assert.Equal(answers[2..].Select(answer => answer.DecisionId), lines.Select(line => Text(line, "decision_id")));
        var limited = lines[0];
        Assert.Equal(("RATE_LIMITED", "small", answers[0].KeyId), (Text(limited, "reason"), Text(limited, "origin"), Text(limited, "key_id")));
        Assert.Equal(("acme", "tester", "orders", "192.0.2.7"), (Text(limited, "organization_id"), Text(limited, "alias"), Text(limited, "api_id"), Text(limited, "client_ip")));
        Assert.Equal(("/orders/***/x", "small"), (Text(limited, "path"), limited.GetProperty("policies")[0].GetString()));
        Assert.False(limited.GetProperty("allowed").GetBoolean());
        Assert.Equal((10, 1), (limited.GetProperty("retry_after").GetDouble(), limited.GetProperty("one_in").GetInt32()));
        Assert.False(lines[1].TryGetProperty("key_id", out _));
        string all = await System.IO.File.ReadAllTextAsync(File);
        Assert.DoesNotContain(key, all, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-that-nobody-has", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sampled_has_refusals_and_one_in_a_number_of_the_admissions()
    {
        await using var server = await StartAsync("DecisionLog:Mode=sampled", "DecisionLog:OneIn=4");
        string key = await server.CreateKeyAsync("unlimited");
        for (int time = 0; time < 20; time++)
        {
            await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { Enumerable.Repeat(Samples.Ask(key), 100) } });
        }

        await server.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        await server.StopAsync();

        var lines = Lines();
        Assert.Single(lines, line => Text(line, "reason") == "KEY_UNKNOWN" && line.GetProperty("one_in").GetInt32() == 1);

        // 500 are expected; ten standard deviations are 194.
        Assert.InRange(lines.Count(line => line.GetProperty("allowed").GetBoolean() && line.GetProperty("one_in").GetInt32() == 4), 300, 700);
    }

    [Fact]
    public async Task Otlp_sends_records_with_the_fields_of_a_line()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await RunningServer.StartAsync(
            ["DecisionLog:Mode=refused", "DecisionLog:Output=otlp", $"Telemetry:Endpoint={receiver.Address}", "Telemetry:Protocol=http", "Telemetry:Signals=traces"],
            policies: Samples.Policies);

        var answer = await server.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));

        var posted = await receiver.NextAsync("/v1/logs");
        Assert.Contains(answer.DecisionId, posted.Text, StringComparison.Ordinal);
        Assert.Contains("KEY_UNKNOWN", posted.Text, StringComparison.Ordinal);
        Assert.Contains("service.name", posted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-that-nobody-has", posted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stdout_has_lines_of_JSON_between_the_servers_own()
    {
        await using var server = ServerProcess.Start(
            _folder.Path, "--Server:Grpc=127.0.0.1:0", "--Server:Http=127.0.0.1:0", "--Storage:Path=:memory:", $"--Data:Path={_folder.Path}", "--DecisionLog:Mode=refused");
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress($"http://{await server.ReadyAsync()}");

        var answer = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync());

        string line = Assert.Single(server.Output.Split('\n'), line => line.StartsWith('{'));
        Assert.Equal(answer.DecisionId, Text(JsonDocument.Parse(line).RootElement, "decision_id"));
    }

    [Fact]
    public void A_full_file_is_put_aside_whole_and_the_oldest_goes()
    {
        using var file = new RotatedFile(File, maxBytes: 10, kept: 2);
        file.Open();
        foreach (string line in (string[])["one\n", "two\n", "three\n", "four\n", "five\n", "a-line-longer-than-a-file\n", "last\n"])
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal("last\n", System.IO.File.ReadAllText(File));
        Assert.Equal("a-line-longer-than-a-file\n", System.IO.File.ReadAllText(File + ".1"));
        Assert.Equal("four\nfive\n", System.IO.File.ReadAllText(File + ".2"));
        Assert.False(System.IO.File.Exists(File + ".3"));
    }

    [Fact]
    public void A_file_that_was_there_is_added_to_and_one_that_vanished_is_made_anew()
    {
        System.IO.File.WriteAllText(File, "before\n");
        using var file = new RotatedFile(File, maxBytes: 8, kept: 1);
        file.Open();
        file.Write("x\n"u8);
        Assert.Equal("before\n", System.IO.File.ReadAllText(File + ".1"));
        System.IO.File.Delete(File + ".1");
        Directory.CreateDirectory(File + ".1");

        // It cannot be put aside: these lines fail, and later ones are written once the cause has gone.
        Assert.Throws<IOException>(() => file.Write("1234567890\n"u8));
        Directory.Delete(File + ".1");
        file.Write("after\n"u8);

        Assert.Equal("x\nafter\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void What_finds_no_room_is_dropped_and_counted_and_nobody_waits()
    {
        int dropped = 0;
        var queue = new NoteQueue(2, () => dropped++);
        foreach (int number in Enumerable.Range(0, 5))
        {
            queue.Add(new DecisionNote { DecisionId = $"d{number}", At = default, Reason = Engine.Reason.KeyUnknown });
        }

        Assert.Equal((2, 3), (queue.Reader.Count, dropped));
        Assert.True(queue.Reader.TryRead(out var first));
        Assert.Equal("d0", first.DecisionId);
    }

    private Task<RunningServer> StartAsync(params string[] settings) =>
        RunningServer.StartAsync(["DecisionLog:Output=file", $"DecisionLog:File={File}", .. settings], policies: Samples.Policies);

    private JsonElement[] Lines() => [.. System.IO.File.ReadLines(File).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();
}
