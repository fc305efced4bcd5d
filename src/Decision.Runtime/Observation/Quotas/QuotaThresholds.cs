using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Runtime.Observation.Quotas;

/// <summary>
/// Sees where the use of a quota has reached a threshold: one of the server's, or one of the key's own (<c>monitor.trigger_limits</c>). What is below
/// all of them costs a comparison. What was reached goes to <see cref="QuotaClaims"/>, once in a period for all that this server knows.
/// </summary>
/// <param name="ofServer">The server's thresholds, in percent.</param>
/// <param name="time">The clock.</param>
internal sealed class QuotaThresholds(ImmutableArray<double> ofServer, TimeProvider time)
{
    /// <summary>What was told is remembered of so many; the store knows of the others.</summary>
    private const int MostKnown = 100_000;

    // Waiting for the store; what finds no room is seen again with the next request above the threshold.
    private const int MostWaiting = 1_000;

    private readonly double _lowest = ofServer.IsDefaultOrEmpty ? double.PositiveInfinity : ofServer.Min();
    private readonly ConcurrentDictionary<QuotaPlace, long> _known = new();
    private readonly Channel<ReachedQuota> _reached = Channel.CreateBounded<ReachedQuota>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>What was reached.</summary>
    public ChannelReader<ReachedQuota> Reached => _reached.Reader;

    /// <summary>Looks at the quotas of a decision.</summary>
    public void Look(in Verdict verdict)
    {
        if (verdict.IsDegraded)
        {
            // This server's share of a quota says nothing about the whole.
            return;
        }

        var own = verdict.Grant is { } grant ? grant.Merged.Key.MonitorTriggerLimits : [];
        if (double.IsPositiveInfinity(_lowest) && own.IsDefaultOrEmpty)
        {
            return;
        }

        for (int index = 0; index < verdict.Charges.Count; index++)
        {
            var charge = verdict.Charges[index];
            var outcome = verdict.Outcomes[index];

            // What another limit refused was not spent here, and its use not what it would have been.
            if (charge.Quota is null || charge.Max <= 0 || !(verdict.IsAllowed || outcome.Refused))
            {
                continue;
            }

            double percent = 100.0 * outcome.Used / charge.Max;

            // A key's own are for its own quotas, not for its organisation's.
            var ofKey = charge.Counter.Subject.Kind == SubjectKind.Organization ? [] : own;
            if (percent >= _lowest || !ofKey.IsDefaultOrEmpty)
            {
                LookAt(in verdict, index, percent, ofKey);
            }
        }
    }

    /// <summary>The store did not say whether it was told: it is seen again with the next request.</summary>
    public void Forget(QuotaPlace place) => _known.TryRemove(place, out _);

    private void LookAt(in Verdict verdict, int index, double percent, ImmutableArray<double> ofKey)
    {
        foreach (double threshold in ofServer)
        {
            Reach(in verdict, index, percent, threshold);
        }

        foreach (double threshold in ofKey)
        {
            Reach(in verdict, index, percent, threshold);
        }
    }

    private void Reach(in Verdict verdict, int index, double percent, double threshold)
    {
        if (percent < threshold || threshold <= 0)
        {
            return;
        }

        var charge = verdict.Charges[index];
        var place = new QuotaPlace(charge.Counter, threshold);
        long nowUs = time.NowUs();
        long resetUs = verdict.Outcomes[index].ResetUs;
        long endsAtUs = resetUs == LimitTest.Never ? long.MaxValue : nowUs + resetUs;
        if (_known.TryGetValue(place, out long known) && ReachedQuota.IsSamePeriod(known, endsAtUs))
        {
            return;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        var raised = new QuotaEvent
        {
            Id = Guid.NewGuid().ToString("N"),
            At = DateTimeOffset.UnixEpoch.AddMicroseconds(nowUs),
            Threshold = threshold,
            Used = verdict.Outcomes[index].Used,
            Max = charge.Max,
            Scope = charge.Scope,
            Origin = charge.Origin.Name,
            PeriodEnd = endsAtUs == long.MaxValue ? null : DateTimeOffset.UnixEpoch.AddMicroseconds(endsAtUs),
            KeyId = verdict.Grant?.KeyId ?? "",
            OrganizationId = verdict.Grant?.OrganizationId ?? "",
            Alias = verdict.Grant?.Merged.Key.Alias ?? "",
        };
        if (_reached.Writer.TryWrite(new ReachedQuota(place, endsAtUs, raised)))
        {
            _known[place] = endsAtUs;
        }
    }
}
