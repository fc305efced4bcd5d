using System.IO.Pipelines;

namespace Decision.Server.Hosting.Connections;

/// <summary>
/// What a connection of HTTP/2 sends. It can ask the client to go away (GOAWAY) without refusing a call, and does not close the connection when the
/// server has said its last word.
/// </summary>
/// <remarks>
/// Kestrel writes whole frames under a lock of its own and flushes after them. So where nothing is unflushed a frame of ours fits in between, if it is
/// written while Kestrel asks for room for its own: on its thread, under its lock. This costs a call one look at a flag for each frame.
/// </remarks>
/// <param name="inner">The transport's.</param>
/// <param name="asked">Told once, when the client is asked.</param>
internal sealed class GoAwayWriter(PipeWriter inner, Action asked) : PipeWriter
{
    private volatile bool _isDue;
    private bool _hasBegun;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    // GOAWAY of RFC 9113, 6.8: 8 bytes, on no stream; the highest stream there can be (none is refused), and NO_ERROR.
    private static ReadOnlySpan<byte> Frame => [0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

    /// <summary>Asks the client to go away before the next frame that it is sent.</summary>
    public void AskBeforeNextFrame() => _isDue = true;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_isDue)
        {
            Ask();
        }

        return inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_isDue)
        {
            Ask();
        }

        return inner.GetSpan(sizeHint);
    }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _hasBegun = true;
        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    // The connection is closed by whom it belongs to, when the client has had time to read.
    public override void Complete(Exception? exception = null)
    {
    }

    // The first frame is Kestrel's, as HTTP/2 wants it.
    private void Ask()
    {
        if (_hasBegun && inner.UnflushedBytes == 0)
        {
            _isDue = false;
            Frame.CopyTo(inner.GetSpan(Frame.Length));
            inner.Advance(Frame.Length);
            asked();
        }
    }
}
