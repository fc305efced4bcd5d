using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Server.TykApi.Answers;
using Decision.Server.TykApi.Paths;

namespace Decision.Server.TykApi;

/// <summary>A call of Tyk's API, as the operations read it.</summary>
/// <param name="context">The HTTP request.</param>
/// <param name="maxBytes">A larger body is refused.</param>
internal sealed class TykRequest(HttpContext context, int maxBytes)
{
    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>The last segment of a path that holds no key.</summary>
    public string Id => (string)context.Request.RouteValues["id"]!;

    /// <summary>The last segment of a path that may hold a key.</summary>
    public string KeyText()
    {
        var feature = context.Features.Get<KeyPathFeature>()
            ?? throw new InvalidOperationException("A path with a key came past the place where keys are taken out of paths.");
        return feature.TryReadId(out string id)
            ? id
            : throw new RefusedException(StatusCodes.Status400BadRequest, "Request malformed: the path can be read in two ways; send it without '.' and '..', and escapes as UTF-8.");
    }

    /// <summary>A query parameter; empty = none.</summary>
    public string Query(string name) => context.Request.Query[name] is [{ } first, ..] ? first : "";

    /// <summary>The body as JSON, whatever the content type says: curl sends JSON as a form.</summary>
    /// <exception cref="MalformedBodyException">It is not JSON.</exception>
    /// <exception cref="RefusedException">It is too large.</exception>
    public async Task<JsonDocument> ReadJsonAsync()
    {
        var findings = new FindingList();
        return JsonSource.Parse(await ReadBodyAsync(), "body", findings) ?? throw new MalformedBodyException(findings);
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync()
    {
        if (context.Request.ContentLength > maxBytes)
        {
            throw TooLarge();
        }

        using var bytes = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(part, Cancellation)) > 0)
        {
            if (bytes.Length + read > maxBytes)
            {
                throw TooLarge();
            }

            bytes.Write(part, 0, read);
        }

        return bytes.ToArray();
    }

    private RefusedException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, $"The request's body is larger than {maxBytes} bytes (Server:MaxRequestBytes).");
}
