using System.Diagnostics;
using System.Text.Json.Nodes;
using Decision.Client.Mapping;
using Decision.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Client.Tests.Conformance;

/// <summary>Runs one case, against a real server or against services that answer as it says.</summary>
internal sealed class CaseRun(JsonObject one, ConformanceServer? server) : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeptFields _kept = new();
    private readonly List<ScriptedService> _services = [];
    private DecisionClient? _client;
    private CaseApplication? _application;

    public async Task RunAsync()
    {
        if (server is null)
        {
            foreach (var service in one["services"] as JsonArray ?? [new JsonObject()])
            {
                _services.Add(await ScriptedService.StartAsync((JsonObject)service!, _time));
            }
        }

        foreach (var step in one["given"] as JsonArray ?? [])
        {
            await StepAsync((JsonObject)step!);
        }

        _client = new DecisionClient(Options(), _time);
        if (one["middleware"] is JsonObject middleware)
        {
            _application = await CaseApplication.StartAsync(_client, middleware);
        }

        foreach (var step in (JsonArray)one["steps"]!)
        {
            await StepAsync((JsonObject)step!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _client?.Dispose();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    private DecisionClientOptions Options()
    {
        var given = one["client"] as JsonObject ?? [];
        Assert.Empty(given.Select(field => field.Key).Except(["failure_mode", "deadline_ms", "token", "denial_memory_capacity"]));
        var options = new DecisionClientOptions
        {
            Address = server?.Address ?? string.Join(',', _services.Select(service => service.Address)),
            BatchDeadline = TestClients.Patience,
            Token = given.ContainsKey("token") ? (string?)given["token"] : server is null ? null : "conformance-token",
        };
        if (!given.ContainsKey("deadline_ms") || given["deadline_ms"] is not null)
        {
            options.Deadline = given["deadline_ms"] is { } deadline ? TimeSpan.FromMilliseconds((double)deadline) : TestClients.Patience;
        }

        if (given["failure_mode"] is { } mode)
        {
            options.FailureMode = Enum.Parse<FailureMode>((string)mode!, ignoreCase: true);
        }

        if (given["denial_memory_capacity"] is { } capacity)
        {
            options.DenialMemoryCapacity = (int)capacity;
        }

        return options;
    }

    private async Task StepAsync(JsonObject given)
    {
        var step = _kept.FillIn(given);
        long started = Stopwatch.GetTimestamp();
        if (step["error"] is JsonObject error)
        {
            var exception = await Assert.ThrowsAnyAsync<DecisionException>(() => ActAsync(step));
            CheckError(exception, error, step.ContainsKey("admin"));
        }
        else
        {
            await ActAsync(step);
        }

        CheckAfter(step, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task ActAsync(JsonObject step)
    {
        switch (step)
        {
            case var _ when step["authorize"] is { } request:
                await AuthorizeAsync(step, Request(request));
                break;
            case var _ when step["batch"] is JsonArray batch:
                var verdicts = await _client!.AuthorizeBatchAsync([.. batch.Select(each => Request(each!))]);
                Assert.Equal(batch.Count, verdicts.Count);
                foreach (var (index, expected) in (step["expect_each"] as JsonArray ?? []).Index())
                {
                    JsonMatch.Check(VerdictFields.Of(verdicts[index]), expected, "verdict", isVerdict: true);
                }

                break;
            case var _ when step["admin"] is not null || step["explain"] is not null:
                await AdministerAsync(step);
                break;
            case var _ when step["connect"] is not null:
                Assert.Equal((int)step["expect_answering"]!, await _client!.ConnectAsync());
                break;
            case var _ when step["advance_ms"] is { } advance:
                _time.Advance(TimeSpan.FromMilliseconds((double)advance));
                break;
            case var _ when step["stop"] is { } stop:
                await _services[(int)stop].StopAsync();
                break;
            case var _ when step["start"] is { } start:
                await _services[(int)start].ListenAsync();
                break;
            case var _ when step["http"] is not null:
                await _application!.AskAsync(step, () => _services[0].Received.Last().Request);
                break;
            case var _ when step["until_asked"] is { } service:
                await AskUntilAsync(_services[(int)service], step);
                break;
            default:
                Assert.Fail("A step that this runner does not know: " + step.ToJsonString());
                break;
        }
    }

    private async Task AuthorizeAsync(JsonObject step, AuthorizationRequest request)
    {
        Verdict[] verdicts;
        if (step["parallel"] is { } parallel)
        {
            verdicts = await Task.WhenAll(Enumerable.Range(0, (int)parallel).Select(_ => Task.Run(() => _client!.AuthorizeAsync(request))));
        }
        else
        {
            verdicts = new Verdict[(int?)step["times"] ?? 1];
            for (int n = 0; n < verdicts.Length; n++)
            {
                verdicts[n] = await _client!.AuthorizeAsync(request);
            }
        }

        Assert.All(verdicts, verdict => JsonMatch.Check(VerdictFields.Of(verdict), step["expect"] ?? new JsonObject(), "verdict", isVerdict: true));
        _kept.Keep(step, VerdictFields.Of(verdicts[^1]));
    }

    // Each turn of the clock is one look at an address that failed; the look itself is a real call.
    private async Task AskUntilAsync(ScriptedService service, JsonObject step)
    {
        int asked = service.Asked;
        var until = TimeProvider.System.GetUtcNow() + TestClients.Patience;
        while (service.Asked == asked)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "The service was not asked in time.");
            _time.Advance(TimeSpan.FromSeconds(1));
            var verdict = await _client!.AuthorizeAsync(Request(step["request"]!));
            JsonMatch.Check(VerdictFields.Of(verdict), step["expect"], "verdict", isVerdict: true);
        }
    }

    private async Task AdministerAsync(JsonObject step)
    {
        using var admin = new DecisionAdminClient(
            new DecisionAdminOptions { Address = server!.Address, Secret = (string?)step["secret"] ?? server.Secret, Deadline = TestClients.Patience });
        if (step["explain"] is { } request)
        {
            var explained = await admin.ExplainAsync(Request(request));
            JsonMatch.Check(VerdictFields.Of(VerdictMapping.ToVerdict(explained.Response)), step["expect"] ?? new JsonObject(), "verdict", isVerdict: true);
            foreach (var (name, outcome) in step["expect_steps"] as JsonObject ?? [])
            {
                Assert.Equal((string)outcome!, explained.Steps.Single(each => each.Name == name).Outcome.ToString(), ignoreCase: true);
            }

            return;
        }

        var response = await AdminCalls.CallAsync(admin, (string)step["admin"]!, step["request"]);
        JsonMatch.Check(response, step["expect_response"] ?? new JsonObject(), "response", isVerdict: false);
        _kept.Keep(step, response);
    }

    private void CheckAfter(JsonObject step, double tookMs)
    {
        var asked = _services.Select(service => service.Asked).ToArray();
        if (step["asked"] is JsonArray each)
        {
            Assert.Equal(each.Select(count => (int)count!), asked);
        }

        Assert.True(step["asked_in_all"] is not { } inAll || asked.Sum() == (int)inAll, $"{asked.Sum()} were asked");
        Assert.True(step["asked_at_most"] is not { } most || asked.Sum() <= (int)most, $"{asked.Sum()} were asked");
        Assert.True(step["took_ms"] is not JsonArray took || (tookMs >= (double)took[0]! && tookMs <= (double)took[1]!), $"it took {tookMs} ms");
        if (step["received"] is null && step["received_metadata"] is null && step["received_deadline_ms"] is null)
        {
            return;
        }

        var (request, metadata, leftMs) = _services.SelectMany(service => service.Received).Last();
        if (step["received"] is { } received)
        {
            Assert.Equal(JsonParser.Default.Parse<AuthorizeRequest>(received.ToJsonString()), request);
        }

        Assert.All(step["received_metadata"] as JsonObject ?? [], entry => Assert.Equal((string?)entry.Value, metadata.GetValue(entry.Key)));
        Assert.True(
            step["received_deadline_ms"] is not JsonArray left || (leftMs >= (double)left[0]! && leftMs <= (double)left[1]!), $"{leftMs} ms were left");
    }

    private static void CheckError(DecisionException exception, JsonObject expected, bool isAdmin)
    {
        Assert.Empty(expected.Select(field => field.Key).Except(["type", "violations", "message_has", "message_lacks", "code"]));
        Assert.True(
            (string?)expected["type"] switch
            {
                "request" => exception is DecisionRequestException && !isAdmin,
                "credential" => exception is DecisionCredentialException,
                "admin" => isAdmin && exception is not DecisionCredentialException,
                _ => false,
            },
            exception.ToString());
        if (expected["code"] is { } code)
        {
            Assert.Equal(ScriptedService.Code(code), Assert.IsType<RpcException>(exception.InnerException).StatusCode);
        }

        if (expected["violations"] is { } violations)
        {
            var fields = Assert.IsType<DecisionRequestException>(exception).Violations.Select(violation => (JsonNode)violation.Field);
            JsonMatch.Check(new JsonArray([.. fields]), violations, "violations", isVerdict: false);
        }

        Assert.All(expected["message_has"] as JsonArray ?? [], part => Assert.Contains((string)part!, exception.Message, StringComparison.Ordinal));
        Assert.All(expected["message_lacks"] as JsonArray ?? [], part => Assert.DoesNotContain((string)part!, exception.ToString(), StringComparison.Ordinal));
    }

    private static AuthorizationRequest Request(JsonNode fields)
    {
        var wire = JsonParser.Default.Parse<AuthorizeRequest>(fields.ToJsonString());
        return new AuthorizationRequest
        {
            ApiKey = wire.ApiKey, ApiId = wire.ApiId, ApiVersion = wire.ApiVersion, Method = wire.Method, Path = wire.Path, Host = wire.Host, Cost = wire.Cost,
            ClientIp = wire.ClientIp, RequestId = wire.RequestId, Headers = [.. wire.Headers.Select(header => new RequestHeader(header.Name, header.Value))],
            QueryDepth = wire.HasQueryDepth ? wire.QueryDepth : null, OrganizationId = wire.OrganizationId, Peek = wire.Peek, IdempotencyKey = wire.IdempotencyKey,
        };
    }
}
