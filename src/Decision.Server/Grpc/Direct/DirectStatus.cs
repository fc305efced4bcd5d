using System.Text;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;

namespace Decision.Server.Grpc.Direct;

/// <summary>The status at the end of a call, as gRPC over HTTP/2 writes it.</summary>
internal static class DirectStatus
{
    /// <summary>Of questions and of answers.</summary>
    public static readonly StringValues ContentType = "application/grpc";

    private static readonly StringValues Ok = "0";

    /// <summary>The time is over that the caller gave.</summary>
    public static RpcException DeadlineExceeded => ErrorMapping.Of(Code.DeadlineExceeded, "Deadline Exceeded");

    /// <summary>
    /// A call without any message. .NET's client with retries sends it in the place of a call that a connection refused at its end, and takes INTERNAL, which
    /// the library would answer, for the last word. Nothing was decided, so it may ask again (docs/decisions/0023).
    /// </summary>
    public static RpcException WithoutMessage => ErrorMapping.Of(Code.Unavailable, "The call came without its message, and nothing was decided: send it again.");

    /// <summary>After a message.</summary>
    public static void WriteOk(HttpResponse response) => response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus = Ok;

    /// <summary>In the place of a message.</summary>
    public static void Write(HttpResponse response, RpcException exception)
    {
        if (response.HasStarted)
        {
            // It broke while the answer was written: no status could be told apart from the answer's.
            response.HttpContext.Abort();
            return;
        }

        var headers = response.Headers;
        headers.ContentType = ContentType;
        headers.GrpcStatus = ((int)exception.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (exception.Status.Detail is { Length: > 0 } message)
        {
            headers.GrpcMessage = Escaped(message);
        }

        foreach (var entry in exception.Trailers)
        {
            headers.Append(entry.Key, entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value);
        }
    }

    // Printable ASCII as it is, all other bytes of UTF-8 and the percent sign as %XX.
    private static string Escaped(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (byte each in Encoding.UTF8.GetBytes(message))
        {
            if (each is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                text.Append((char)each);
            }
            else
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{each:X2}");
            }
        }

        return text.ToString();
    }
}
