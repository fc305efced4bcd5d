using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Server.TykApi.Answers;

/// <summary>A body that is small enough to be made before it is sent.</summary>
internal sealed class JsonAnswer : TykAnswer
{
    // The answers are JSON and say so: no character has to be hidden from a browser.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _body;

    public JsonAnswer(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
        : base(status) => _body = Bytes(write);

    public JsonAnswer(JsonNode? body, int status = StatusCodes.Status200OK)
        : this(writer => Write(writer, body), status)
    {
    }

    /// <summary>What is written, as JSON that can be changed.</summary>
    public static JsonObject ToObject(Action<Utf8JsonWriter> write) => JsonNode.Parse(Bytes(write))!.AsObject();

    /// <summary>Texts as an array.</summary>
    public static JsonArray ToArray(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    protected override Task WriteBodyAsync(HttpContext context)
    {
        context.Response.ContentLength = _body.Length;
        return context.Response.Body.WriteAsync(_body, context.RequestAborted).AsTask();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? body)
    {
        if (body is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            body.WriteTo(writer);
        }
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            write(writer);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
