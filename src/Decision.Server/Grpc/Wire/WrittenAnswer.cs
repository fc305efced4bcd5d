namespace Decision.Server.Grpc.Wire;

/// <summary>An answer as the bytes of its message.</summary>
/// <param name="Bytes">The message.</param>
internal sealed record WrittenAnswer(byte[] Bytes);
