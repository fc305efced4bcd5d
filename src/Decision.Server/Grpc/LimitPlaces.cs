using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Charges;
using Reason = Decision.Engine.Reason;

namespace Decision.Server.Grpc;

/// <summary>
/// The limits of a verdict in the order of an answer: the counters that were asked, and a rate or quota that is explicitly unlimited in the place
/// where its counter would be.
/// </summary>
internal ref struct LimitPlaces
{
    private readonly ChargeList _charges;
    private readonly LimitMapping.UnlimitedLimits? _unlimited;
    private readonly bool _isEmpty;
    private int _next;
    private bool _isRateSaid;
    private bool _isQuotaSaid;

    public LimitPlaces(in Verdict verdict)
    {
        _charges = verdict.Charges;
        _isEmpty = _charges.Count == 0 && (!verdict.IsAllowed || verdict.IsDegraded);
        _unlimited = !_isEmpty && verdict.ApiGrant is { } right ? LimitMapping.UnlimitedOf(right) : null;
    }

    /// <summary>The place of a counter among the charges, or what is unlimited.</summary>
    public (int Charge, LimitStatus? Unlimited) Current { get; private set; }

    public readonly LimitPlaces GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_isEmpty)
        {
            return false;
        }

        bool isEnd = _next == _charges.Count;
        if (!_isRateSaid && (isEnd || _charges[_next].Refusal == Reason.QuotaExceeded) && _unlimited?.Rate is { } rate)
        {
            _isRateSaid = true;
            Current = (0, rate);
            return true;
        }

        if (!isEnd)
        {
            _isRateSaid |= _charges[_next].Refusal == Reason.RateLimited;
            Current = (_next++, null);
            return true;
        }

        bool hasQuota = !_isQuotaSaid && _unlimited?.Quota is not null;
        _isQuotaSaid = true;
        Current = (0, _unlimited?.Quota);
        return hasQuota;
    }
}
