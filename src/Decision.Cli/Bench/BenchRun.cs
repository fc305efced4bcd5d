using Decision.Cli.Results;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Cli.Bench;

/// <summary>Asks for decisions as fast as answers come, within bounds.</summary>
internal sealed class BenchRun(AuthorizeService.AuthorizeServiceClient service, AuthorizeRequest request, BenchBounds bounds, TimeProvider time)
{
    // Where nothing is answered, going on tells no more.
    private const int MostFailures = 100;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private long _started;
    private long _finished;
    private int _failures;

    /// <summary>Runs to its end; where it is interrupted, to there.</summary>
    public async Task<(BenchResult Result, TimeSpan Elapsed)> RunAsync(ProgressReport progress, CancellationToken interrupted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        long start = time.GetTimestamp();
        var workers = Enumerable.Range(0, bounds.Concurrency).Select(_ => Task.Run(() => WorkAsync(start, ending.Token), CancellationToken.None)).ToList();
        var all = Task.WhenAll(workers);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(Tick, time, CancellationToken.None));
            var elapsed = time.GetElapsedTime(start);
            progress.Report(
                bounds.IsCounted ? Interlocked.Read(ref _finished) : Math.Min(elapsed.TotalSeconds, bounds.Time.TotalSeconds),
                bounds.IsCounted ? bounds.Count : bounds.Time.TotalSeconds);
            if (elapsed >= bounds.Time)
            {
                await ending.CancelAsync();
            }
        }

        var took = time.GetElapsedTime(start);
        var result = new BenchResult();
        foreach (var one in await all)
        {
            result.Add(one);
        }

        return (result, took);
    }

    private async Task<BenchResult> WorkAsync(long start, CancellationToken ending)
    {
        var result = new BenchResult();
        while (!ending.IsCancellationRequested
            && time.GetElapsedTime(start) < bounds.Time
            && Volatile.Read(ref _failures) < MostFailures
            && Interlocked.Increment(ref _started) <= bounds.Count)
        {
            long asked = time.GetTimestamp();
            try
            {
                var verdict = await service.AuthorizeAsync(request, cancellationToken: ending);
                result.Add(verdict.Reason, time.GetElapsedTime(asked));
                Interlocked.Increment(ref _finished);
            }
            catch (RpcException) when (ending.IsCancellationRequested)
            {
                // What was under way at the end counts neither way.
            }
            catch (RpcException failure)
            {
                result.Add(failure.StatusCode);
                Interlocked.Increment(ref _failures);
            }
        }

        return result;
    }
}
