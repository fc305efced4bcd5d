namespace Decision.Server.Grpc.Direct;

/// <summary>The bytes of the message that answers a question.</summary>
/// <typeparam name="TRequest">The question.</typeparam>
internal delegate ValueTask<byte[]> DirectMethod<in TRequest>(TRequest request, HttpContext http, CancellationToken cancellation);
