using Envoy.Service.Auth.V3;
using Grpc.Core;

namespace Decision.Server.Proxies.Envoy.Wire;

/// <summary>
/// <c>envoy.service.auth.v3.Authorization</c> without the objects of its messages. A question has every header of the client, an answer is some
/// sixty small messages, most of them the verdict as metadata: made as objects they cost more than the decision (eng/load.sh --ways).
/// </summary>
internal static class BareAuthorization
{
    private static readonly Method<ReadCheckRequest, WrittenCheckResponse> Check = new(
        MethodType.Unary,
        Authorization.Descriptor.FullName,
        nameof(Check),
        Marshallers.Create<ReadCheckRequest>((_, _) => throw new NotSupportedException("A server only reads it."), context => ReadCheckRequest.Of(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<WrittenCheckResponse>(Write, _ => throw new NotSupportedException("A server only writes it.")));

    /// <summary>For server reflection, which looks for it here.</summary>
    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => Authorization.Descriptor;

    /// <summary>For the host, which looks for it here.</summary>
    public static void BindService(ServiceBinderBase binder, ServiceBase service) =>
        binder.AddMethod(Check, service is null ? null : new UnaryServerMethod<ReadCheckRequest, WrittenCheckResponse>(service.Check));

    private static void Write(WrittenCheckResponse response, SerializationContext context)
    {
        context.SetPayloadLength(response.Bytes.Length);
        System.Buffers.BuffersExtensions.Write(context.GetBufferWriter(), response.Bytes);
        context.Complete();
    }

    /// <summary>What an implementation derives from.</summary>
    [BindServiceMethod(typeof(BareAuthorization), nameof(BindService))]
    internal abstract class ServiceBase
    {
        public abstract Task<WrittenCheckResponse> Check(ReadCheckRequest request, ServerCallContext context);
    }
}
