using Decision.Client.Calls;
using Grpc.Core;

namespace Decision.Client.Admin;

/// <summary>
/// What the generated clients of the admin services call through: it knows the addresses, adds the deadline, and throws this package's exceptions
/// in place of gRPC's. A call goes to another address only where the first certainly did not get it.
/// </summary>
internal sealed class AdminInvoker(ServiceCalls calls, TimeSpan deadline) : CallInvoker
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var response = CallAsync(method, options, request);
        return new AsyncUnaryCall<TResponse>(response, NoHeadersAsync(response), static () => Status.DefaultSuccess, static () => [], static () => { });
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        CallAsync(method, options, request).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw NoStreams();

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw NoStreams();

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw NoStreams();

    private static NotSupportedException NoStreams() => new("This client makes no calls that stream: make those with the generated client of Decision.Contracts, on a channel of your own.");

    private static async Task<Metadata> NoHeadersAsync(Task response)
    {
        await response.ConfigureAwait(false);
        return [];
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        // Who sets a deadline for one call means it.
        var within = options.Deadline is { } until ? until - ServiceCalls.In(TimeSpan.Zero) : deadline;
        var (response, failure) = await calls.CallAsync(
            (endpoint, asked, callOptions) => endpoint.Invoker.AsyncUnaryCall(method, null, callOptions, asked),
            request,
            within,
            AdminRefusal.Of,
            options.CancellationToken).ConfigureAwait(false);
        return response ?? throw new DecisionUnavailableException(failure!);
    }
}
