using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Decision.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Time.Testing;
using Status = Google.Rpc.Status;

namespace Decision.Client.Tests.Conformance;

/// <summary>A service that answers as a case says, also what no service of ours would.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private readonly JsonArray _answers;
    private readonly FakeTimeProvider _time;
    private readonly string _listens;
    private readonly ConcurrentQueue<TcpClient> _accepted = new();
    private FakeService? _service;
    private TcpListener? _listener;
    private int _asked;

    private ScriptedService(JsonObject service, FakeTimeProvider time)
    {
        Assert.Empty(service.Select(field => field.Key).Except(["answers", "listens"]));
        _answers = service["answers"] as JsonArray ?? [JsonNode.Parse("""{ "response": { "allowed": true, "reason": "REASON_ALLOWED", "http_status": 200 } }""")];
        _listens = (string?)service["listens"] ?? "service";
        _time = time;
    }

    public string Address { get; private set; } = "";

    public int Asked => Volatile.Read(ref _asked);

    public ConcurrentQueue<(AuthorizeRequest Request, Metadata Metadata, double LeftMs)> Received { get; } = new();

    public static async Task<ScriptedService> StartAsync(JsonObject service, FakeTimeProvider time)
    {
        var scripted = new ScriptedService(service, time);
        if (scripted._listens == "service")
        {
            await scripted.ListenAsync();
            return scripted;
        }

        scripted._listener = new TcpListener(IPAddress.Loopback, 0);
        scripted._listener.Start();
        scripted.Address = $"http://{scripted._listener.LocalEndpoint}";
        if (scripted._listens == "nobody")
        {
            scripted._listener.Stop();
        }
        else
        {
            _ = scripted.AcceptAsync(scripted._listener);
        }

        return scripted;
    }

    /// <summary>Listens, on the port that it had.</summary>
    public async Task ListenAsync()
    {
        _service = await FakeService.StartAsync(port: Address.Length == 0 ? 0 : new Uri(Address).Port);
        _service.Answer = AnswerAsync;
        _service.LeaveOut = (int?)_answers[0]!["missing_responses"] ?? 0;
        Address = _service.Address;
    }

    public async Task StopAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
            _service = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener?.Dispose();
        while (_accepted.TryDequeue(out var connection))
        {
            connection.Dispose();
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();

                // Kept: one that nobody holds is closed when memory is collected, which is more than silence.
                _accepted.Enqueue(connection);
                if (_listens == "stranger")
                {
                    await connection.GetStream().WriteAsync("SSH-2.0-other\r\n"u8.ToArray());
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task<AuthorizeResponse> AnswerAsync(AuthorizeRequest request, ServerCallContext context)
    {
        int index = Interlocked.Increment(ref _asked) - 1;
        Received.Enqueue((request, context.RequestHeaders, (context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMilliseconds));
        var answer = (JsonObject)_answers[Math.Min(index, _answers.Count - 1)]!;
        Assert.Empty(answer.Select(field => field.Key).Except(["response", "status", "hangs", "breaks", "advance_ms", "missing_responses"]));
        if (answer["hangs"] is not null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }

        if (answer["breaks"] is not null)
        {
            context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!.Abort();
        }

        if (answer["status"] is JsonObject status)
        {
            throw Failure(status);
        }

        if (answer["advance_ms"] is { } advance)
        {
            _time.Advance(TimeSpan.FromMilliseconds((double)advance));
        }

        return JsonParser.Default.Parse<AuthorizeResponse>((answer["response"] ?? new JsonObject()).ToJsonString());
    }

    private static RpcException Failure(JsonObject status)
    {
        var failure = new Status { Code = (int)Code(status["code"]), Message = (string?)status["message"] ?? "" };
        if (status["violations"] is JsonArray violations)
        {
            var details = new BadRequest();
            details.FieldViolations.AddRange(violations.Select(one =>
                new BadRequest.Types.FieldViolation { Field = (string)one!["field"]!, Description = (string)one["description"]! }));
            failure.Details.Add(Any.Pack(details));
        }

        return failure.ToRpcException();
    }

    /// <summary>A status by its name in the protocol.</summary>
    public static StatusCode Code(JsonNode? name) =>
        System.Enum.Parse<StatusCode>(((string)name!).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
