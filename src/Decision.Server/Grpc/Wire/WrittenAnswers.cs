namespace Decision.Server.Grpc.Wire;

/// <summary>The answers of a batch, in order, each as the bytes of its message; of all of them there is an answer when they are sent.</summary>
/// <param name="Bytes">The messages.</param>
internal sealed record WrittenAnswers(byte[]?[] Bytes);
