using System.Buffers;
using Decision.Contracts.V1;
using Decision.Server.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace Decision.Server.Grpc.Wire;

/// <summary>
/// <c>decision.v1.AuthorizeService</c> without the objects of its answers: of each decision they were some ten, made only to be written
/// (eng/load.sh --shapes).
/// </summary>
internal static class BareAuthorize
{
    private const int ResponsesField = 1;

    private static readonly Marshaller<WrittenAnswer> One = Marshallers.Create<WrittenAnswer>(Write, _ => throw new NotSupportedException("A server only writes it."));
    private static readonly Marshaller<WrittenAnswers> Many = Marshallers.Create<WrittenAnswers>(Write, _ => throw new NotSupportedException("A server only writes it."));

    private static readonly Method<AuthorizeRequest, WrittenAnswer> Authorize =
        new(MethodType.Unary, Descriptor.FullName, nameof(Authorize), Read(AuthorizeRequest.Parser), One);

    private static readonly Method<AuthorizeBatchRequest, WrittenAnswers> AuthorizeBatch =
        new(MethodType.Unary, Descriptor.FullName, nameof(AuthorizeBatch), Read(AuthorizeBatchRequest.Parser), Many);

    private static readonly Method<AuthorizeStreamRequest, WrittenAnswer> AuthorizeStream =
        new(MethodType.DuplexStreaming, Descriptor.FullName, nameof(AuthorizeStream), Read(AuthorizeStreamRequest.Parser), One);

    private static readonly Method<ExplainRequest, ExplainResponse> Explain =
        new(MethodType.Unary, Descriptor.FullName, nameof(Explain), Read(ExplainRequest.Parser), Marshallers.Create<ExplainResponse>(Write, _ => throw new NotSupportedException("A server only writes it.")));

    /// <summary>For server reflection, which looks for it here.</summary>
    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => AuthorizeService.Descriptor;

    /// <summary>For the host, which looks for it here.</summary>
    public static void BindService(ServiceBinderBase binder, ServiceBase service)
    {
        binder.AddMethod(Authorize, service is null ? null : new UnaryServerMethod<AuthorizeRequest, WrittenAnswer>(service.Authorize));
        binder.AddMethod(AuthorizeBatch, service is null ? null : new UnaryServerMethod<AuthorizeBatchRequest, WrittenAnswers>(service.AuthorizeBatch));
        binder.AddMethod(AuthorizeStream, service is null ? null : new DuplexStreamingServerMethod<AuthorizeStreamRequest, WrittenAnswer>(service.AuthorizeStream));
        binder.AddMethod(Explain, service is null ? null : new UnaryServerMethod<ExplainRequest, ExplainResponse>(service.Explain));
    }

    private static Marshaller<T> Read<T>(MessageParser<T> parser)
        where T : IMessage<T> => Marshallers.Create<T>(
            (_, _) => throw new NotSupportedException("A server only reads it."), context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Write(WrittenAnswer answer, SerializationContext context)
    {
        context.SetPayloadLength(answer.Bytes.Length);
        context.GetBufferWriter().Write(answer.Bytes);
        context.Complete();
    }

    private static void Write(WrittenAnswers answers, SerializationContext context)
    {
        int length = 0;
        foreach (byte[]? each in answers.Bytes)
        {
            length += ProtoWriter.SizeOfBytes(each!.Length);
        }

        context.SetPayloadLength(length);
        IBufferWriter<byte> target = context.GetBufferWriter();
        foreach (byte[]? each in answers.Bytes)
        {
            target.Advance(ProtoWriter.WriteBytes(target.GetSpan(ProtoWriter.SizeOfBytes(each!.Length)), ResponsesField, each));
        }

        context.Complete();
    }

    private static void Write(ExplainResponse response, SerializationContext context)
    {
        context.SetPayloadLength(response.CalculateSize());
        response.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    /// <summary>What an implementation derives from.</summary>
    [BindServiceMethod(typeof(BareAuthorize), nameof(BindService))]
    internal abstract class ServiceBase
    {
        public abstract Task<WrittenAnswer> Authorize(AuthorizeRequest request, ServerCallContext context);

        public abstract Task<WrittenAnswers> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context);

        public abstract Task AuthorizeStream(
            IAsyncStreamReader<AuthorizeStreamRequest> requestStream, IServerStreamWriter<WrittenAnswer> responseStream, ServerCallContext context);

        public abstract Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context);
    }
}
