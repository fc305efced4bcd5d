using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Decision.Server.Grpc;

/// <summary>Turns what a call throws into its status, by <see cref="ErrorMapping"/>.</summary>
internal sealed class ErrorInterceptor(ErrorMapping errors) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            var calling = continuation(request, context);
            return calling.IsCompletedSuccessfully ? calling : WatchAsync(calling, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        WatchAsync(continuation(requestStream, context), context);

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }

    private async Task<TResponse> WatchAsync<TResponse>(Task<TResponse> calling, ServerCallContext context)
    {
        try
        {
            return await calling.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }
}
