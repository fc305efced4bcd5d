using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.TykApi;

public class GoldenTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(GoldenFile.Folder, "*.http").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Answers_are_as_the_file_says(string name)
    {
        var file = GoldenFile.Read(name);
        Assert.NotEmpty(file.Exchanges);
        await using var server = await RunningServer.StartAsync([.. file.Settings]);
        var values = new Placeholders();
        foreach (var exchange in file.Exchanges)
        {
            string[] words = values.Fill(exchange.Request[0]).Split(' ');
            switch (words[0])
            {
                case "ASK":
                    var verdict = await server.Client.AuthorizeAsync(
                        new AuthorizeRequest { ApiKey = words[1], ApiId = words[2], Method = words[3], Path = words[4] });
                    Assert.True(exchange.Answer[0] == verdict.Reason.ToString(), $"{exchange.Place}: {verdict.Reason}");
                    break;
                case "ADVANCE":
                    server.Time.Advance(TimeSpan.FromSeconds(int.Parse(words[1], CultureInfo.InvariantCulture)));
                    break;
                default:
                    await CompareAsync(server, exchange, words, values);
                    break;
            }
        }
    }

    private static async Task CompareAsync(RunningServer server, GoldenExchange exchange, string[] words, Placeholders values)
    {
        using var request = ToRequest(server, exchange, words, values);
        using var response = await server.Http.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        string actual = $"{exchange.Place}: {(int)response.StatusCode} {body}";
        Assert.True(exchange.Answer[0] == ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), actual);
        Assert.True(response.Headers.CacheControl is { NoStore: true }, actual);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        foreach (string header in exchange.Answer.Skip(1))
        {
            string[] pair = header.Split(": ", 2);
            string sent = response.Content.Headers.TryGetValues(pair[0], out var some) || response.Headers.TryGetValues(pair[0], out some) ? string.Join(", ", some) : "";
            Assert.True(pair[1] == sent, $"{exchange.Place}: {pair[0]}: {sent}");
        }

        if (exchange.AnswerBody.Length > 0)
        {
            using var expected = JsonDocument.Parse(exchange.AnswerBody);
            using var document = JsonDocument.Parse(body);
            string? difference = values.Difference(expected.RootElement, document.RootElement);
            Assert.True(difference is null, $"{difference}\n{actual}");
        }
    }

    private static HttpRequestMessage ToRequest(RunningServer server, GoldenExchange exchange, string[] words, Placeholders values)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(words[0]),
            new Uri($"http://{server.Listeners.Http}{words[1]}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (exchange.RequestBody.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(values.Fill(exchange.RequestBody)));

            // What curl -d sends.
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }

        var headers = exchange.Request.Skip(1).Select(line => values.Fill(line).Split(": ", 2)).ToList();
        if (headers.RemoveAll(pair => pair[0] == "ANONYMOUS") == 0 && !headers.Exists(pair => pair[0] is "x-tyk-authorization" or "authorization"))
        {
            headers.Add([words[1].StartsWith("/api", StringComparison.Ordinal) ? "authorization" : "x-tyk-authorization", RunningServer.Secret]);
        }

        foreach (string[] pair in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(pair[0], pair[1]), pair[0]);
        }

        return request;
    }
}
