using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Decision.Server.Grpc;

/// <summary>
/// Around every call: admin calls need their credential (<see cref="AdminGuard"/>), and what a call throws becomes its status
/// (<see cref="ErrorMapping"/>). One interceptor and not two: each costs every decision 2 % of its CPU.
/// </summary>
internal sealed class CallInterceptor(AdminGuard guard, ErrorMapping errors) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (AdminGuard.IsNeeded(context))
        {
            return AdministerAsync(request, context, () => continuation(request, context));
        }

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
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        return AdminGuard.IsNeeded(context)
            ? AdministerAsync(requestStream, context, () => continuation(requestStream, context))
            : WatchAsync(continuation(requestStream, context), context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (AdminGuard.IsNeeded(context))
        {
            await AdministerAsync(request, context, () => AnsweredAsync(continuation(request, responseStream, context))).ConfigureAwait(false);
            return;
        }

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
        if (AdminGuard.IsNeeded(context))
        {
            await AdministerAsync(
                requestStream, context, () => AnsweredAsync(continuation(requestStream, responseStream, context))).ConfigureAwait(false);
            return;
        }

        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }

    private async Task<TResponse> AdministerAsync<TResponse>(object request, ServerCallContext context, Func<Task<TResponse>> call)
    {
        try
        {
            return await guard.RunAsync(request, context, call).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw errors.ToStatus(exception, context);
        }
    }

    private static async Task<bool> AnsweredAsync(Task answering)
    {
        await answering.ConfigureAwait(false);
        return true;
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
