using System.Collections.Concurrent;

namespace Decision.Client.Memory;

/// <summary>
/// Remembers denials by rate or quota of the key for a second at most, and never longer than the service says that they hold. It knows
/// requests by their fingerprints alone.
/// </summary>
internal sealed class DenialMemory(int capacity, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly RequestHasher _hasher = new();
    private readonly ConcurrentDictionary<RequestFingerprint, RememberedDenial> _denials = new();

    // In the order in which they came, which is about that in which they end.
    private readonly Queue<KeyValuePair<RequestFingerprint, RememberedDenial>> _order = new();

    public int Count => _denials.Count;

    /// <summary>
    /// Whether a request has to do with the memory. Who peeks, or makes asking again safe, wants the service's own answer.
    /// </summary>
    public bool Covers(AuthorizationRequest request) => capacity > 0 && !request.Peek && request.IdempotencyKey.Length == 0;

    public RequestFingerprint Fingerprint(AuthorizationRequest request) => _hasher.Hash(request);

    public Verdict? Find(in RequestFingerprint request) =>
        _denials.TryGetValue(request, out var denial) && !denial.IsOver(time) ? denial.At(time) : null;

    /// <summary>Remembers a verdict where it is a denial of the kind that is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="verdict">The service's answer to it.</param>
    /// <param name="askedAt">The timestamp of the question.</param>
    public void Remember(in RequestFingerprint request, Verdict verdict, long askedAt)
    {
        // A degraded one was not made by the counters themselves, and a shadowed one is no denial.
        if (verdict.IsAllowed || verdict.IsDegraded || verdict.Reason is not (Reason.RateLimited or Reason.QuotaExceeded))
        {
            return;
        }

        // Where waiting does not help there is no retry_after; a reset must be seen all the same.
        var life = verdict.RetryAfter is { } wait && wait < Longest ? wait : Longest;
        var denial = new RememberedDenial(verdict, askedAt, time.GetTimestamp(), life);
        if (denial.IsOver(time))
        {
            return;
        }

        lock (_order)
        {
            _denials[request] = denial;
            _order.Enqueue(new(request, denial));
            while (_order.TryPeek(out var oldest) && (_order.Count > capacity || oldest.Value.IsOver(time)))
            {
                // Only if no newer one has taken its place.
                _denials.TryRemove(_order.Dequeue());
            }
        }
    }
}
