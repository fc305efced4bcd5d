using Decision.Engine;
using Decision.Runtime.Keys;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Decisions;

/// <content>The same path without spending, and with what every step found.</content>
public sealed partial class DecisionRuntime
{
    /// <summary>Decides without spending, and says what every step found and where every limit comes from.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="keyId">The key by its id, as though the client had presented it; empty = the key that the call presents.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StoreException">The store does not answer, or did not since the start.</exception>
    public async ValueTask<Explanation> ExplainAsync(DecisionCall call, string keyId, CancellationToken cancellation)
    {
        _catalog.ThrowIfStoreUnread();
        long nowUs = _time.NowUs();
        string presented = call.Presented;
        KeyFinding found;
        if (keyId.Length > 0)
        {
            found = await _keys.FindByIdAsync(keyId, _comparesKeys, cancellation).ConfigureAwait(false);
        }
        else if (_comparesKeys || !_keys.TryFind(presented, nowUs, out found))
        {
            found = await _keys.FindAsync(presented, nowUs, _comparesKeys, cancellation).ConfigureAwait(false);
        }

        var rules = _catalog.Rules;
        var request = IsSignature(presented) ? call.Request with { Authorization = presented } : call.Request;
        var admission = DecisionEngine.Explain(in request, rules, found.Presence, found.GrantUnder(rules), nowUs, out var findings);
        if (admission.Charges.Count == 0)
        {
            return new Explanation(admission.Verdict, findings);
        }

        var spending = new Spending { Charges = admission.Charges, Cost = request.Units, IsPeek = true };
        var result = await _counters.SpendAsync(in spending, cancellation).ConfigureAwait(false);
        var verdict = DecisionEngine.Conclude(in admission, result.Outcomes);
        return new Explanation(admission.Verdict.IsAllowed ? verdict : admission.Verdict.WithCounters(in verdict), findings);
    }
}
