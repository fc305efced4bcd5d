using System.IO.Pipelines;

namespace Decision.Server.Hosting.Connections;

/// <summary>What a connection receives. It can still be read when the server has done with it.</summary>
/// <param name="inner">The transport's.</param>
internal sealed class LingeringReader(PipeReader inner) : PipeReader
{
    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>
    /// Reads on, for nobody, until the client closes the connection. A socket that is closed with something unread tells the client of an error, which may
    /// overtake what it has not read yet: answers, and that a call was not taken.
    /// </summary>
    public async Task ReadToEndAsync(CancellationToken cancellation)
    {
        try
        {
            ReadResult result;
            do
            {
                result = await inner.ReadAsync(cancellation);
                inner.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Its time is up, or the connection broke.
        }
    }
}
