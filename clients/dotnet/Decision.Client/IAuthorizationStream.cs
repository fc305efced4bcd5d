namespace Decision.Client;

/// <summary>
/// Decisions of one client over one call that stays open: less work for each than a call of its own. Any number may be asked at once; the service
/// decides up to 32 at a time, and answers come as they are ready. It is opened with the first request, and anew where it ended.
/// <see cref="IDecisionClient.OpenStream"/> makes it.
/// </summary>
public interface IAuthorizationStream : IDisposable
{
    /// <summary>
    /// Asks as <see cref="IDecisionClient.AuthorizeAsync"/> does, with the client's deadline, failure mode and memory; only that the service is
    /// not told the deadline.
    /// </summary>
    /// <param name="request">The request as it came in.</param>
    /// <param name="cancellationToken">Gives up waiting. What the service has spent by then stays spent.</param>
    /// <returns>The verdict of the service, of the memory or of the failure mode.</returns>
    /// <exception cref="DecisionRequestException">
    /// A request is malformed. What only the service sees ends the stream, so that others that wait on it get this too.
    /// </exception>
    /// <exception cref="DecisionCredentialException">The service does not let this client ask.</exception>
    /// <exception cref="ObjectDisposedException">The stream or its client was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<Verdict> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken = default);
}
