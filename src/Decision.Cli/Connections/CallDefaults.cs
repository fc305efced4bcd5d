using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Decision.Cli.Connections;

/// <summary>Gives every call its credential, and unary ones the deadline; Ctrl+C ends them all.</summary>
internal sealed class CallDefaults(ConnectionSettings settings, TimeProvider time, CancellationToken cancellation) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context, hasDeadline: true));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context, hasDeadline: false));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context, hasDeadline: false));

    private ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, bool hasDeadline)
        where TRequest : class
        where TResponse : class
    {
        var options = context.Options;
        if (CredentialFor(context.Method) is { } credential)
        {
            var headers = new Metadata { { "authorization", "Bearer " + credential } };
            foreach (var entry in options.Headers ?? [])
            {
                headers.Add(entry);
            }

            options = options.WithHeaders(headers);
        }

        if (hasDeadline && options.Deadline is null)
        {
            options = options.WithDeadline((time.GetUtcNow() + settings.Timeout).UtcDateTime);
        }

        if (!options.CancellationToken.CanBeCanceled)
        {
            options = options.WithCancellationToken(cancellation);
        }

        return new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options);
    }

    // Whoever asks for decisions needs a caller's token, if anything; the admin secret would be no caller's, and has no business there.
    private string? CredentialFor<TRequest, TResponse>(Method<TRequest, TResponse> method) =>
        method.ServiceName == AuthorizeService.Descriptor.FullName && method.Name != nameof(AuthorizeService.AuthorizeServiceClient.Explain)
            ? settings.CallerToken
            : settings.Secret;
}
