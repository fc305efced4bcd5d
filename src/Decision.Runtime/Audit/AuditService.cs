using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Audit;

/// <summary>
/// Keeps the audit log: tells of what servers had begun when they ended, and removes what is older than <c>Audit:Retention</c>. Replicas that
/// do so at once do it once.
/// </summary>
internal sealed class AuditService(
    AuditTrail trail, IAuditStore store, TimeProvider time, IOptions<RuntimeOptions> options, ILogger<AuditService> log) : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Longer than any act of another replica may take: what began before has no server any more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int ReadSize = 500;

    /// <inheritdoc />
    /// <remarks>Before the server listens: where only this process writes, all that has begun was begun by one that ended.</remarks>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!store.IsShared)
        {
            await TidyAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One pass.</summary>
    /// <param name="patience">How long an act may take.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task TidyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        Actor.Become(Actor.OfServer("audit retention"));
        try
        {
            await trail.SettleAsync(time.NowUs() - (long)patience.TotalMicroseconds + 1, cancellation).ConfigureAwait(false);
            await PruneAsync(cancellation).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            AuditEventLog.TidyFailed(log, error);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A store behind a network may not answer yet, and nobody waits for it.
        if (store.IsShared)
        {
            await TidyAsync(Patience, stoppingToken).ConfigureAwait(false);
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await TidyAsync(Patience, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task PruneAsync(CancellationToken cancellation)
    {
        if (options.Value.AuditRetention == TimeSpan.Zero)
        {
            return;
        }

        long oldestUs = time.NowUs() - (long)options.Value.AuditRetention.TotalMicroseconds;
        var anchor = await store.AnchorAsync(cancellation).ConfigureAwait(false);
        var last = anchor;
        bool mayGoOn = true;
        while (mayGoOn)
        {
            var records = await store.ReadAsync(last.Sequence, ReadSize, cancellation).ConfigureAwait(false);
            AuditRecord[] old = [.. records.TakeWhile(record => record.AtUs < oldestUs)];
            last = old is [.., var newest] ? newest.Head : last;
            mayGoOn = old.Length == ReadSize;
        }

        if (last.Sequence == anchor.Sequence)
        {
            return;
        }

        // The log itself says, before it is done, what is removed from it and with which hash it goes on.
        var act = new AuditAct(AuditLog.Prune, "audit", "", "") { After = AuditLog.PlaceJson(last) };
        if (await trail.TellAsync(act, AuditOutcome.Done, "").ConfigureAwait(false))
        {
            await store.PruneAsync(last, CancellationToken.None).ConfigureAwait(false);
            AuditEventLog.Pruned(log, last.Sequence);
        }
    }
}
