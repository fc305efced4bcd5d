namespace Decision.Server.Proxies.Envoy.Wire;

/// <summary>A <c>CheckResponse</c> as it goes over the wire.</summary>
/// <param name="Bytes">The message.</param>
internal sealed record WrittenCheckResponse(byte[] Bytes);
