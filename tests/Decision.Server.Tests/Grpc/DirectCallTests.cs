using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Grpc;

/// <summary>Authorize as bytes over HTTP/2: answered directly where the call is a usual one, by the library where it is not, and nobody sees which.</summary>
public class DirectCallTests
{
    private const string Path = "decision.v1.AuthorizeService/Authorize";

    public static TheoryData<string> Questions => ["allowed", "unknown key", "malformed", "malformed in Greek"];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Answer_is_that_of_the_library(string question)
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        var ask = Samples.Ask(question == "unknown key" ? "nobody" : key, ask =>
        {
            ask.Peek = true;
            ask.Method = question == "malformed" ? "" : question == "malformed in Greek" ? "λάθος 100%" : "GET";
        });

        // The library unpacks what is compressed.
        using var direct = await CallAsync(server, new ByteArrayContent(Framed(ask.ToByteArray())));
        using var other = await CallAsync(server, new ByteArrayContent(Framed(Packed(ask.ToByteArray()), isCompressed: true)), http => http.Headers.Add("grpc-encoding", "gzip"));

        Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
        Assert.Equal(Told(other.Headers), Told(direct.Headers));
        Assert.Equal(Told(other.Content.Headers), Told(direct.Content.Headers));
        Assert.Equal(await AnswerAsync(other), await AnswerAsync(direct));
        Assert.Equal(Told(other.TrailingHeaders), Told(direct.TrailingHeaders));
        Assert.Equal(question.StartsWith("malformed", StringComparison.Ordinal) ? "3" : "0", StatusOf(direct));
    }

    [Fact]
    public async Task Message_may_come_byte_by_byte()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        using var response = await CallAsync(server, new SlowContent(Framed(Samples.Ask(key).ToByteArray())));

        Assert.Equal("0", StatusOf(response));
        Assert.True((await AnswerAsync(response))!.Allowed);
    }

    [Theory]
    [InlineData("nothing", StatusCode.Unavailable)]
    [InlineData("a part of the prefix", StatusCode.Internal)]
    [InlineData("less than it announces", StatusCode.Internal)]
    [InlineData("two messages", StatusCode.Internal)]
    [InlineData("no AuthorizeRequest", StatusCode.InvalidArgument)]
    [InlineData("more than is taken", StatusCode.ResourceExhausted)]
    [InlineData("compressed without saying how", StatusCode.Internal)]
    public async Task What_is_not_one_message_is_an_error(string sent, StatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        byte[] message = Framed(Samples.Ask(key).ToByteArray());

        using var response = await CallAsync(server, new ByteArrayContent(sent switch
        {
            "nothing" => [],
            "a part of the prefix" => message[..3],
            "less than it announces" => message[..^1],
            "two messages" => [.. message, .. message],
            "no AuthorizeRequest" => Framed([0xFF, 0xFF, 0xFF]),
            "more than is taken" => [0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3],
            _ => [1, .. message[1..]],
        }));

        Assert.Equal(((int)expected).ToString(System.Globalization.CultureInfo.InvariantCulture), StatusOf(response));
        await AssertUnspentAsync(server, key);
    }

    [Fact]
    public async Task Caller_that_goes_within_its_message_is_not_charged()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => CallAsync(server, new BrokenContent(Framed(Samples.Ask(key).ToByteArray()))));

        await AssertUnspentAsync(server, key);
    }

    [Theory]
    [InlineData("50m")]
    [InlineData("50000u")]
    public async Task Time_that_the_caller_gives_is_kept_where_the_store_is_waited_for(string timeout)
    {
        await using var server = await RunningServer.StartAsync(
            policies: Samples.Policies, replace: services => services.AddSingleton<ICounterStore>(new CountersThatNeverAnswer()));
        string key = await server.CreateKeyAsync("small");

        using var response = await CallAsync(
            server, new ByteArrayContent(Framed(Samples.Ask(key).ToByteArray())), http => http.Headers.Add("grpc-timeout", timeout));

        Assert.Equal("4", StatusOf(response));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("1")]
    [InlineData("123456789S")]
    [InlineData("1S, 2S")]
    public async Task Time_that_cannot_be_read_is_none(string timeout)
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        using var response = await CallAsync(
            server, new ByteArrayContent(Framed(Samples.Ask(key).ToByteArray())), http => http.Headers.TryAddWithoutValidation("grpc-timeout", timeout));

        Assert.Equal("0", StatusOf(response));
    }

    private static async Task<HttpResponseMessage> CallAsync(RunningServer server, HttpContent content, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server.Listeners.Grpc}/{Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        change?.Invoke(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    private static byte[] Framed(byte[] message, bool isCompressed = false)
    {
        byte[] framed = new byte[5 + message.Length];
        framed[0] = (byte)(isCompressed ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }

    private static byte[] Packed(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }

    // Null where there is a status alone. Of each decision the id is another.
    private static async Task<AuthorizeResponse?> AnswerAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        if (body.Length == 0)
        {
            return null;
        }

        Assert.Equal(body.Length - 5, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
        var answer = AuthorizeResponse.Parser.ParseFrom(body.AsSpan(5));
        Assert.Equal(26, answer.DecisionId.Length);
        answer.DecisionId = "";
        return answer;
    }

    private static string[] Told(HttpHeaders headers) =>
        [.. headers.Where(header => header.Key != "Date").Select(header => $"{header.Key.ToLowerInvariant()}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)];

    private static string? StatusOf(HttpResponseMessage response) =>
        response.TrailingHeaders.TryGetValues("grpc-status", out var trailers) ? Assert.Single(trailers)
        : response.Headers.TryGetValues("grpc-status", out var headers) ? Assert.Single(headers)
        : null;

    private static async Task AssertUnspentAsync(RunningServer server, string key)
    {
        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));
        Assert.Equal([2, 3], verdict.Limits.Select(limit => limit.Remaining));
    }

    private sealed class SlowContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (byte each in bytes)
            {
                await stream.WriteAsync(new[] { each });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length) => (length = 0) > 0;
    }

    private sealed class BrokenContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            throw new IOException("Goes away.");
        }

        protected override bool TryComputeLength(out long length) => (length = 0) > 0;
    }

    private sealed class CountersThatNeverAnswer : ICounterStore
    {
        public bool ComparesKeys => true;

        public static async ValueTask<SpendResult> NeverAsync(CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            throw new InvalidOperationException("It ends by the token alone.");
        }

        ValueTask<SpendResult> ICounterStore.SpendAsync(in Spending spending, CancellationToken cancellation) => NeverAsync(cancellation);

        public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
