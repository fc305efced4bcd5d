using Decision.Runtime.Observation.Notes;
using Decision.Server.Hosting;

namespace Decision.Server.DecisionLogs;

/// <summary>Takes notes out of their queue and has them written, on a thread that no decision waits for; at a stop, those that wait still.</summary>
internal sealed class DecisionLogService(NoteQueue queue, INoteWriter writer, DecisionLogMetrics metrics, TimeProvider time, ILogger<DecisionLogService> log)
    : IHostedService, IDisposable
{
    /// <summary>Notes that are written together.</summary>
    public const int MostAtOnce = 512;

    // Under load each note would wake a thread for itself alone, which costs more than to write it down. So those of a moment are gathered, as long
    // as there is room for many such moments.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private const int RoomForMoments = 5_000;

    private readonly LogPace _pace = new(time);
    private Task _writing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        writer.Open();
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        try
        {
            await _writing.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The time to stop is over, and what waits still is lost with the process.
        }
    }

    public void Dispose() => writer.Dispose();

    private async Task WriteAsync()
    {
        var notes = new List<DecisionNote>(MostAtOnce);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (notes.Count < MostAtOnce && queue.Capacity >= RoomForMoments)
            {
                // By the machine's clock: nothing that is decided or told depends on it.
                await Task.Delay(Moment, TimeProvider.System);
            }

            notes.Clear();
            while (notes.Count < MostAtOnce && queue.Reader.TryRead(out var note))
            {
                notes.Add(note);
            }

            Write(notes);
        }
    }

    private void Write(List<DecisionNote> notes)
    {
        try
        {
            writer.Write(notes);
            metrics.Written(notes.Count);
        }
        catch (IOException error)
        {
            metrics.Failed(notes.Count);
            if (_pace.IsDue(out long unsaid))
            {
                DecisionLogMessages.Failed(log, notes.Count, error.Message, unsaid);
            }
        }
    }
}
