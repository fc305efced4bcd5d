using Decision.Server.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Decision.Server.Grpc;

/// <summary>Lets calls of the <see cref="AdminSurface"/> through only with the credential.</summary>
internal sealed class AdminCredentialInterceptor(AdminCredential credential, ILogger<AdminCredentialInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Require(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!AdminSurface.Includes(http))
        {
            return;
        }

        if (credential.Problem(Values(http, "authorization"), Values(http, "x-tyk-authorization")) is { } problem)
        {
            ServerLog.AdminRefused(log, context.Method, context.Peer, problem);
            throw new RpcException(new Status(StatusCode.Unauthenticated, problem));
        }
    }

    private static string[] Values(HttpContext http, string name) => [.. http.Request.Headers[name].OfType<string>()];
}
