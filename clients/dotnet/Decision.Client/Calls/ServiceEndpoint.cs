using Decision.Client.Options;
using Decision.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Client.Calls;

/// <summary>One address with its connections.</summary>
internal sealed class ServiceEndpoint : IDisposable
{
    private const int MaximumAnswerBytes = 32 * 1024 * 1024;

    // The standard health check without its messages: whatever comes back shows that somebody answers.
    private static readonly Method<Empty, Empty> HealthCheck = new(
        MethodType.Unary, "grpc.health.v1.Health", "Check", EmptyMarshaller(), EmptyMarshaller());

    private readonly GrpcChannel _channel;

    private volatile bool _isPaused;

    public ServiceEndpoint(ServiceAddress address, DecisionClientOptions options, EndpointReport report)
    {
        (Address, Report) = (address, report);
        _channel = GrpcChannel.ForAddress(Named(address, options.Tls), new GrpcChannelOptions
        {
            HttpHandler = options.HttpHandler ?? ConnectionHandler.Create(address, options.Tls),
            DisposeHttpClient = options.HttpHandler is null,

            // No retries in it: a request that was sent may have been spent.
            ServiceConfig = null,
            MaxReceiveMessageSize = MaximumAnswerBytes,
            MaxSendMessageSize = null,
        });
        Invoker = _channel.CreateCallInvoker();
        Client = new AuthorizeService.AuthorizeServiceClient(Invoker);
    }

    public ServiceAddress Address { get; }

    public EndpointReport Report { get; }

    public CallInvoker Invoker { get; }

    public AuthorizeService.AuthorizeServiceClient Client { get; }

    /// <summary>True = it does not answer; others are asked first.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Connects and asks for its health, which spends nothing; answers whether anybody answered.</summary>
    public async Task<bool> IsThereAsync(TimeSpan within, Metadata metadata, CancellationToken cancellation)
    {
        try
        {
            await Invoker.AsyncUnaryCall(HealthCheck, null, new CallOptions(metadata, ServiceCalls.In(within), cancellation), new Empty()).ConfigureAwait(false);
            return true;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
                && !CallFailure.Of(exception).IsCertainlyUnsent;
        }
    }

    public void Dispose() => _channel.Dispose();

    // The handler looks in the certificate for the name in the address of the request, and connects to where it is told.
    private static Uri Named(ServiceAddress address, DecisionTlsOptions tls) =>
        address.IsTls && tls.ServerName is { } name ? new UriBuilder(address.Uri) { Host = name }.Uri : address.Uri;

    private static Marshaller<Empty> EmptyMarshaller() => Marshallers.Create<Empty>(
        (message, context) => context.Complete(message.ToByteArray()), context => Empty.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
