using Decision.Server.Wire;
using System.Buffers;
using Decision.Server.Proxies.Envoy;
using Decision.Server.Proxies.Envoy.Wire;
using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Code = Google.Rpc.Code;

namespace Decision.Server.Tests.Proxies;

/// <summary>Envoy's messages are read and written without the library: what comes out must be what the library would have.</summary>
public class CheckWireTests
{
    private const int Rounds = 500;

    private static readonly string[] Names = ["authorization", "x-api-key", "cookie", "x-decision-alias", "accept", ""];
    private static readonly string[] Texts = ["", "a", "GET", "/orders/1?x=%20", "é", "😀", new string('x', 127), new string('y', 128), new string('é', 9000)];

    [Fact]
    public void A_question_is_read_as_the_library_reads_it()
    {
        var random = new Random(20261124);
        for (int round = 0; round < Rounds; round++)
        {
            // Two messages after one another are one message, joined.
            byte[] bytes = [.. Random(random).ToByteArray(), .. random.Next(3) == 0 ? Random(random).ToByteArray() : []];
            var expected = CheckRequest.Parser.ParseFrom(bytes);
            var read = ReadCheckRequest.Of(Split(bytes, random));

            Assert.Null(read.Problem);
            var http = expected.Attributes?.Request?.Http;
            Assert.Equal(http is not null, read.HasHttp);
            Assert.Equal(
                (http?.Id ?? "", http?.Method ?? "", http?.Path ?? "", http?.Host ?? ""), (read.Id, read.Method, read.Path, read.Host));
            Assert.Equal(expected.Attributes?.Source?.Address?.SocketAddress?.Address ?? "", read.SourceAddress);
            Assert.Equal((expected.Attributes?.ContextExtensions ?? []).OrderBy(pair => pair.Key), read.ContextExtensions.OrderBy(pair => pair.Key));
            foreach (string name in Names)
            {
                string[] values = http is null ? []
                    : http.HeaderMap is { } map
                        ? [.. map.Headers.Where(header => header.Key == name).Select(header => header.RawValue.IsEmpty ? header.Value : header.RawValue.ToStringUtf8())]
                        : http.Headers.TryGetValue(name, out string? joined) ? [joined] : [];
                Assert.Equal(values.Length, read.Headers.Find(name, out string value));
                Assert.Equal(values.FirstOrDefault(""), value);
                Assert.Equal(values, read.Headers.All(name));
            }
        }
    }

    [Fact]
    public void A_question_that_breaks_off_is_never_read_as_another_one()
    {
        byte[] whole = Sound().ToByteArray();
        for (int length = 0; length < whole.Length; length++)
        {
            var read = ReadCheckRequest.Of(new ReadOnlySequence<byte>(whole, 0, length));

            // Nothing follows the outermost field, so each shorter one is broken, or empty.
            Assert.True(length == 0 ? !read.HasHttp : read.Problem is not null, $"{length} bytes");
        }
    }

    [Fact]
    public void A_question_of_any_bytes_is_read_or_refused()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Sound().ToByteArray();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var read = ReadCheckRequest.Of(new ReadOnlySequence<byte>(bytes));
            foreach (string name in Names)
            {
                read.Headers.Find(name, out _);
            }

            Assert.NotNull(read.Headers.NamesThatBegin("x-"));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x05, 0x01 }, "it ends within a field")]
    [InlineData(new byte[] { 0x0A }, "it ends within a number")]
    [InlineData(new byte[] { 0x00 }, "a field has the number 0")]
    [InlineData(new byte[] { 0x08, 0x01 }, "field 1 is not of the type that it should be")]
    [InlineData(new byte[] { 0x0F }, "field 1 is not of the type that it should be")]
    [InlineData(new byte[] { 0x17 }, "field 2 is of a type that nobody writes")]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "a number is longer than any can be")]
    public async Task Check_of_a_message_that_is_none_is_denied_and_not_a_failed_call(byte[] bytes, string problem)
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        var method = new Method<byte[], CheckResponse>(
            MethodType.Unary,
            "envoy.service.auth.v3.Authorization",
            "Check",
            Marshallers.Create<byte[]>(message => message, message => message),
            Marshallers.Create<CheckResponse>(message => message.ToByteArray(), CheckResponse.Parser.ParseFrom));

        var answer = await server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, bytes);

        Assert.Equal((int)Code.InvalidArgument, answer.Status.Code);
        Assert.Equal(Envoy.Type.V3.StatusCode.BadRequest, answer.DeniedResponse.Status.Code);
        Assert.Contains(problem, answer.DeniedResponse.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_what_the_library_would_have_made()
    {
        var random = new Random(3);
        var writer = new ProtoWriter();
        for (int round = 0; round < Rounds; round++)
        {
            string text = Texts[random.Next(Texts.Length)];
            var metadata = Struct(random, 3);
            writer.Clear();
            var told = new StructWriter(writer);
            told.Text("text"u8, text);
            told.Number("number"u8, random.NextDouble() - 0.5);
            told.Flag("flag"u8, true);
            told.Texts("texts"u8, [text, "b"]);
            told.Struct("metadata"u8, metadata);
            told.Structs("structs"u8, [text, "c"], (inner, item) => inner.Text("item"u8, item));

            var read = Google.Protobuf.WellKnownTypes.Struct.Parser.ParseFrom(writer.Written);

            Assert.Equal(text, read.Fields["text"].StringValue);
            Assert.InRange(read.Fields["number"].NumberValue, -0.5, 0.5);
            Assert.True(read.Fields["flag"].BoolValue);
            Assert.Equal([text, "b"], read.Fields["texts"].ListValue.Values.Select(value => value.StringValue));
            Assert.Equal(metadata, read.Fields["metadata"].StructValue);
            Assert.Equal([text, "c"], read.Fields["structs"].ListValue.Values.Select(value => value.StructValue.Fields["item"].StringValue));
            Assert.Equal(6, read.Fields.Count);

            // The library writes the same message as short.
            Assert.Equal(read.CalculateSize(), writer.Written.Length);
        }
    }

    private static CheckRequest Sound() => new()
    {
        Attributes = new AttributeContext
        {
            Source = new AttributeContext.Types.Peer { Address = new Address { SocketAddress = new SocketAddress { Address = "192.0.2.1" } } },
            Request = new AttributeContext.Types.Request
            {
                Http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = "/orders/1", Host = "shop.example.com", Headers = { ["x-api-key"] = "k" } },
            },
        },
    };

    private static CheckRequest Random(Random random)
    {
        string Text() => Texts[random.Next(Texts.Length)];
        var request = new CheckRequest();
        if (random.Next(10) == 0)
        {
            return request;
        }

        request.Attributes = new AttributeContext { Source = random.Next(2) == 0 ? null : Sound().Attributes.Source };
        if (random.Next(2) == 0)
        {
            request.Attributes.ContextExtensions[Text()] = Text();
        }

        if (random.Next(8) > 0)
        {
            var http = new AttributeContext.Types.HttpRequest { Id = Text(), Method = Text(), Path = Text(), Host = Text(), Scheme = Text() };
            for (int header = random.Next(5); header > 0; header--)
            {
                http.Headers[Names[random.Next(Names.Length)]] = Text();
            }

            if (random.Next(3) == 0)
            {
                http.HeaderMap = new HeaderMap();
                for (int header = random.Next(5); header > 0; header--)
                {
                    http.HeaderMap.Headers.Add(new HeaderValue
                    {
                        Key = Names[random.Next(Names.Length)], Value = Text(), RawValue = random.Next(2) == 0 ? ByteString.Empty : ByteString.CopyFrom(0xC3, 0x28, 0x41),
                    });
                }
            }

            request.Attributes.Request = new AttributeContext.Types.Request { Http = http };
        }

        return request;
    }

    private static Struct Struct(Random random, int depth)
    {
        var made = new Struct();
        for (int field = random.Next(4); field > 0; field--)
        {
            made.Fields[$"f{field}"] = depth > 0 && random.Next(2) == 0
                ? Value.ForStruct(Struct(random, depth - 1))
                : Value.ForString(Texts[random.Next(Texts.Length)]);
        }

        return made;
    }

    // As it comes off the wire: in pieces.
    private static ReadOnlySequence<byte> Split(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        var first = new Piece(bytes.AsMemory(0, at), 0);
        var last = first.Append(bytes.AsMemory(at));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
