using Decision.Client.Calls;

namespace Decision.Client;

/// <summary>A client's way of asking, on a stream.</summary>
internal sealed class AuthorizationStream(DecisionClient client, DecisionStream stream) : IAuthorizationStream
{
    public Task<Verdict> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken = default) =>
        client.DecideAsync(stream, request, cancellationToken);

    public void Dispose() => stream.Dispose();
}
