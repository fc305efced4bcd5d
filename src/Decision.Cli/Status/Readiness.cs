using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Cli.Connections;
using Decision.Cli.Failures;

namespace Decision.Cli.Status;

/// <summary>What <c>/healthz/ready</c> says.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c>, <c>starting</c> or <c>draining</c>.</param>
/// <param name="Parts">Each part with <c>ok</c> or its problem.</param>
/// <param name="Json">The answer itself.</param>
internal sealed record Readiness(string Status, IReadOnlyList<(string Name, string State)> Parts, JsonObject Json)
{
    private const int DefaultPort = 8088;

    /// <exception cref="CommandException">It does not answer, or something else does.</exception>
    public static async Task<Readiness> ReadAsync(string? address, Session session)
    {
        var grpc = session.Connection.Settings.Address;
        string text = address ?? new UriBuilder(grpc.Scheme, grpc.Host, DefaultPort).Uri.ToString();
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var root))
        {
            throw CommandException.WrongUse($"--http '{text}' is not understood: write scheme, host and port, as http://127.0.0.1:{DefaultPort}.");
        }

        try
        {
            using var client = new HttpClient(Connection.Handler(session.Connection.Settings)) { Timeout = session.Connection.Settings.Timeout };
            using var answer = await client.GetAsync(new Uri(root, "/healthz/ready"), session.Cancellation);
            return Read((JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync(session.Cancellation))!);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidCastException or InvalidOperationException
            || (exception is TaskCanceledException && !session.Cancellation.IsCancellationRequested))
        {
            throw new CommandException(ExitCode.ServiceFailed, $"{root}healthz/ready does not answer as it should: {exception.Message}");
        }
    }

    private static Readiness Read(JsonObject json) => new(
        json["status"]!.GetValue<string>(),
        [.. json["parts"]!.AsArray().Select(part => (part!["name"]!.GetValue<string>(), part["problem"]?.GetValue<string>() ?? part["status"]!.GetValue<string>()))],
        json);
}
