using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Decision.Server.Hosting;

/// <summary>
/// Counts the streams of decisions until their last frame is written. A stop tells them to go elsewhere, and lets <see cref="ServerLife"/> close
/// connections only after that.
/// </summary>
internal sealed class OpenStreamMiddleware(RequestDelegate next, ServerLife life)
{
    private const string Stream = "/decision.v1.AuthorizeService/AuthorizeStream";

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { Method: { Type: MethodType.DuplexStreaming, FullName: Stream } }
            ? CountAsync(context)
            : next(context);

    private async Task CountAsync(HttpContext context)
    {
        life.EnterStream();
        try
        {
            await next(context);

            // Ends when the status is on its way, not when it is only due.
            await context.Response.CompleteAsync();
        }
        finally
        {
            life.LeaveStream();
        }
    }
}
