using System.Security.Cryptography;
using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Audit;

/// <summary>
/// Writes the audit log. An act is written down before it is done, durably, and appended to the log when it was; so none is done that the log does
/// not come to tell of, whatever ends in between. Why this way: docs/decisions/0020.
/// </summary>
public sealed class AuditTrail : IDisposable
{
    /// <summary>What is appended in one call of the store.</summary>
    private const int MostAtOnce = 100;

    private const int LongestText = 200;
    private const string NotKnown = "The server ended, or lost its store, while it did this: look whether it was done.";

    private readonly IAuditStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _log;

    // This process appends one after the other; only others can be in its way.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private AuditHead? _end;

    internal AuditTrail(IAuditStore store, TimeProvider time, ILogger<AuditTrail> log) => (_store, _time, _log) = (store, time, log);

    /// <summary>Does something, and puts it into the log.</summary>
    /// <param name="act">What is done.</param>
    /// <param name="write">Does it. Not cancelled: what has begun goes through to the end.</param>
    /// <param name="isDone">Whether its answer says that something was done; where not, the log does not tell of it.</param>
    /// <param name="told">What the log tells where the answer says more than was known before; null = the act as it is.</param>
    /// <exception cref="StoreException">The log cannot be written, and nothing was done; or the store failed while it was.</exception>
    internal ValueTask<T> RunAsync<T>(AuditAct act, Func<ValueTask<T>> write, Func<T, bool> isDone, Func<T, AuditAct>? told = null) =>
        RunAsync([act], write, isDone, told is null ? null : answer => [told(answer)]);

    /// <summary>The same for several things that are done together.</summary>
    internal async ValueTask<T> RunAsync<T>(
        IReadOnlyList<AuditAct> acts, Func<ValueTask<T>> write, Func<T, bool> isDone, Func<T, IReadOnlyList<AuditAct>>? told = null)
    {
        string actId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        long begunUs = _time.NowUs();
        await BeginAsync(new BegunAct(actId, begunUs, AuditFormat.WriteAll(EntriesOf(acts, actId, begunUs, AuditOutcome.Unknown, NotKnown)))).ConfigureAwait(false);
        T answer;
        try
        {
            answer = await write().ConfigureAwait(false);
        }
        catch (AdministrationException)
        {
            await DropAsync(actId).ConfigureAwait(false);
            throw;
        }
        catch
        {
            // It may have been done and only not been answered.
            await EndAsync(EntriesOf(acts, actId, begunUs, AuditOutcome.Unknown, NotKnown), actId).ConfigureAwait(false);
            throw;
        }

        if (isDone(answer))
        {
            await EndAsync(EntriesOf(told?.Invoke(answer) ?? acts, actId, begunUs, AuditOutcome.Done, ""), actId).ConfigureAwait(false);
        }
        else
        {
            await DropAsync(actId).ConfigureAwait(false);
        }

        return answer;
    }

    /// <summary>Tells of what was done already, or of what a caller was denied. A store that fails costs the entry, and is logged.</summary>
    /// <returns>Whether it is in the log.</returns>
    public async ValueTask<bool> TellAsync(AuditAct act, AuditOutcome outcome, string message)
    {
        string actId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        try
        {
            await AppendAsync(EntriesOf([act], actId, _time.NowUs(), outcome, message), "").ConfigureAwait(false);
            return true;
        }
        catch (StoreException error)
        {
            AuditEventLog.NotTold(_log, act.Action, act.ObjectKind, act.ObjectId, Actor.Current.Name, error);
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>Puts into the log what had begun before a moment, and is not told of yet: the server that did it has ended.</summary>
    /// <returns>How many acts.</returns>
    internal async ValueTask<int> SettleAsync(long beforeUs, CancellationToken cancellation)
    {
        var begun = await _store.BegunAsync(beforeUs, cancellation).ConfigureAwait(false);
        foreach (var act in begun.OrderBy(act => act.AtUs))
        {
            await AppendAsync(AuditFormat.ReadAll(act.Entries), act.Id).ConfigureAwait(false);
            AuditEventLog.Settled(_log, act.Id);
        }

        return begun.Count;
    }

    private async ValueTask BeginAsync(BegunAct act)
    {
        try
        {
            await _store.BeginAsync(act, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw new StoreException("Nothing was changed, because the audit log cannot be written: " + error.Message, error);
        }
    }

    // What was done stays done where this fails: it is written down, and is put into the log later.
    private async ValueTask EndAsync(IReadOnlyList<AuditEntry> entries, string actId)
    {
        try
        {
            await AppendAsync(entries, actId).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            AuditEventLog.Postponed(_log, actId, error);
        }
    }

    private async ValueTask DropAsync(string actId)
    {
        try
        {
            await _store.DropAsync(actId, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            AuditEventLog.Postponed(_log, actId, error);
        }
    }

    private async ValueTask AppendAsync(IReadOnlyList<AuditEntry> entries, string actId)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            for (int from = 0; from < entries.Count; from += MostAtOnce)
            {
                bool isLast = from + MostAtOnce >= entries.Count;
                await AppendPartAsync([.. entries.Skip(from).Take(MostAtOnce)], isLast ? actId : "").ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // Each time that it does not go, another replica's entry went: somebody comes on.
    private async ValueTask AppendPartAsync(AuditEntry[] entries, string actId)
    {
        while (true)
        {
            var end = _end ?? await _store.HeadAsync(CancellationToken.None).ConfigureAwait(false);
            _end = null;
            var records = new AuditRecord[entries.Length];
            var before = end;
            for (int index = 0; index < records.Length; index++)
            {
                // The time never goes back in the log, however the replicas' clocks differ.
                long atUs = Math.Max(_time.NowUs(), before.AtUs);
                records[index] = AuditChain.Next(before, atUs, AuditFormat.Write(entries[index] with { AtUs = atUs }));
                before = records[index].Head;
            }

            if (await _store.AppendAsync(end, records, actId, CancellationToken.None).ConfigureAwait(false))
            {
                _end = before;
                return;
            }
        }
    }

    private static AuditEntry[] EntriesOf(IReadOnlyList<AuditAct> acts, string actId, long begunUs, AuditOutcome outcome, string message)
    {
        var actor = Actor.Current;
        return
        [
            .. acts.Select(act => new AuditEntry
            {
                BegunAtUs = begunUs,
                ActId = actId,
                ActorId = actor.Id,
                ActorName = actor.Name,
                ActorRole = actor.Role.ToText(),
                Peer = Short(actor.Peer),
                Protocol = actor.Protocol,
                Agent = Short(actor.Agent),
                Action = act.Action,
                ObjectKind = act.ObjectKind,
                ObjectId = Short(act.ObjectId),
                Organization = Short(act.Organization),
                Outcome = outcome,
                Message = message,
                BeforeJson = AuditJson.Of(act.Before),
                AfterJson = AuditJson.Of(act.After),
            }),
        ];
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
