namespace Decision.Client;

/// <summary>Asks the service. <see cref="DecisionClient"/> is the real one; tests of what uses it put their own in its place.</summary>
public interface IDecisionClient
{
    /// <summary>
    /// Asks whether one request may pass, and spends its cost where it may. Let the request through only where
    /// <see cref="Verdict.IsAllowed"/> is true.
    /// </summary>
    /// <param name="request">The request as it came in.</param>
    /// <param name="cancellationToken">Gives up waiting. What the service has spent by then stays spent.</param>
    /// <returns>
    /// The service's verdict; or one that the client remembered (<see cref="Verdict.IsRemembered"/>); or, where the service could not be
    /// reached, was too slow or failed, the one of the failure mode (<see cref="Verdict.IsFromFailureMode"/>).
    /// </returns>
    /// <exception cref="DecisionRequestException">The request is malformed: a mistake of the caller, whatever the failure mode is.</exception>
    /// <exception cref="DecisionCredentialException">The service does not let this client ask: its token is missing or wrong, or does not cover the request.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<Verdict> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks for up to 1,000 independent requests in one call. One malformed request refuses all of them before anything is spent. The memory
    /// of denials takes no part: every request is put to the service.
    /// </summary>
    /// <param name="requests">1 to 1,000 requests.</param>
    /// <param name="cancellationToken">Gives up waiting. What the service has spent by then stays spent.</param>
    /// <returns>One verdict for each request, at the same position; by the failure mode all of them or none.</returns>
    /// <exception cref="DecisionRequestException">A request is malformed; the field names its position, as in <c>requests[3].cost</c>.</exception>
    /// <exception cref="DecisionCredentialException">The service does not let this client ask.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<IReadOnlyList<Verdict>> AuthorizeBatchAsync(
        IReadOnlyList<AuthorizationRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a stream, on which each decision costs less than a call of its own: for sidecars, and for whatever asks all the time. One of it serves a
    /// whole program, as the client does.
    /// </summary>
    /// <returns>The stream. Dispose it when nothing asks on it any more; the client's end is its end too.</returns>
    IAuthorizationStream OpenStream();
}
