using System.Collections.Concurrent;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Cli.Keys.Bulk;

/// <summary>
/// Works on many keys: a few at once, going on after a failure and telling each. A key that somebody else changes meanwhile is read again. It gives
/// up where the service fails for many in a row.
/// </summary>
internal sealed class BulkRun(Session session, BulkSelection selection)
{
    private const int Attempts = 4;
    private const int MostFailuresInARow = 10;

    private int _failuresInARow;

    /// <summary>Looks at the keys, asks, does it, and tells what became of each.</summary>
    /// <param name="verb">As <c>disable</c>.</param>
    /// <param name="needsChange">Whether a key is not as it shall be.</param>
    /// <param name="change">Changes a key; false = it was as it shall be.</param>
    public async Task<ExitCode> DoAsync(string verb, Func<Key, bool> needsChange, Func<Key, Task<bool>> change)
    {
        var entries = await selection.ReadAsync(session);
        var work = entries.Where(entry => entry.Key is { } key && needsChange(key)).ToList();
        List<BulkOutcome> outcomes =
        [
            .. entries.Where(entry => entry.Problem is not null).Select(entry => entry.Problem!),
            .. entries.Where(entry => entry.Key is { } key && !needsChange(key)).Select(entry => new BulkOutcome(entry.Name, BulkOutcomeKind.Unchanged)),
        ];
        if (selection.IsDryRun)
        {
            outcomes.AddRange(work.Select(entry => new BulkOutcome(entry.Name, BulkOutcomeKind.Changed)));
        }
        else if (work.Count > 0)
        {
            string keys = work.Count == 1 ? "one key" : $"{work.Count} keys";
            string others = outcomes.Count == 0 ? "" : $" ({outcomes.Count} more need nothing or were not found)";
            await session.ConfirmAsync($"{char.ToUpperInvariant(verb[0])}{verb[1..]} {keys}{others}?", selection.IsAgreed);
            outcomes.AddRange(await session.Output.WithProgressAsync($"{work.Count} keys", progress => WorkAsync(work, change, progress)));
        }

        return new BulkReport(session.Output, selection.IsDryRun).Tell(verb, outcomes);
    }

    /// <summary>What a failed call means for one key.</summary>
    public static BulkOutcome OutcomeOf(string name, RpcException error, Session session)
    {
        var failure = Failure.Of(error, session.Address, session.Cancellation)!;
        string problem = failure.Violations.Count > 0
            ? string.Join(' ', failure.Violations.Select(one => $"{one.Field}: {one.Message}"))
            : failure.Message;
        return new BulkOutcome(name, BulkOutcomeKind.Failed, problem) { IsServiceFailure = failure.ExitCode == ExitCode.ServiceFailed };
    }

    private async Task<IReadOnlyList<BulkOutcome>> WorkAsync(List<BulkEntry> work, Func<Key, Task<bool>> change, ProgressReport progress)
    {
        var outcomes = new ConcurrentBag<BulkOutcome>();
        await Parallel.ForEachAsync(
            work,
            new ParallelOptions { MaxDegreeOfParallelism = selection.AtOnce, CancellationToken = session.Cancellation },
            async (entry, _) =>
            {
                outcomes.Add(await TryAsync(entry.Key!, change));
                progress.Report(outcomes.Count, work.Count);
            });
        return [.. outcomes];
    }

    private async Task<BulkOutcome> TryAsync(Key key, Func<Key, Task<bool>> change)
    {
        if (Volatile.Read(ref _failuresInARow) >= MostFailuresInARow)
        {
            return new BulkOutcome(key.KeyId, BulkOutcomeKind.NotTried, "not tried, since the service fails.") { IsServiceFailure = true };
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                bool isChanged = await change(key);
                Volatile.Write(ref _failuresInARow, 0);
                return new BulkOutcome(key.KeyId, isChanged ? BulkOutcomeKind.Changed : BulkOutcomeKind.Unchanged);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Aborted && attempt < Attempts)
            {
                // Somebody else changed it: their change stays, ours is made on top, if the key still is one of those that were asked for.
                try
                {
                    key = (await session.Keys.GetKeyAsync(new GetKeyRequest { KeyId = key.KeyId })).Key;
                }
                catch (RpcException next) when (!session.Cancellation.IsCancellationRequested)
                {
                    return Failed(key, next);
                }

                if (!selection.Fits(key))
                {
                    return new BulkOutcome(key.KeyId, BulkOutcomeKind.Unchanged);
                }
            }
            catch (RpcException error) when (!session.Cancellation.IsCancellationRequested)
            {
                return Failed(key, error);
            }
        }
    }

    private BulkOutcome Failed(Key key, RpcException error)
    {
        if (error.StatusCode == StatusCode.NotFound)
        {
            return new BulkOutcome(key.KeyId, BulkOutcomeKind.NotFound, "it is no longer there.");
        }

        var outcome = OutcomeOf(key.KeyId, error, session);
        if (outcome.IsServiceFailure)
        {
            Interlocked.Increment(ref _failuresInARow);
        }
        else
        {
            Volatile.Write(ref _failuresInARow, 0);
        }

        return outcome;
    }
}
