namespace Decision.Server.Grpc.Direct;

/// <summary>What direct calls have in common.</summary>
/// <param name="Errors">Which failure is which status.</param>
/// <param name="MostBytes">Of a question.</param>
/// <param name="MayWait">Whether decisions wait for a store, so that callers' deadlines matter.</param>
internal sealed record DirectCallOptions(ErrorMapping Errors, int MostBytes, bool MayWait);
