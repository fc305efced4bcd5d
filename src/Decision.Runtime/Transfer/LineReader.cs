namespace Decision.Runtime.Transfer;

/// <summary>Reads a stream line by line, in bytes.</summary>
internal sealed class LineReader(Stream from, int longestLine = LineReader.LongestLine)
{
    /// <summary>Longer than any document that a server takes.</summary>
    public const int LongestLine = 320 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>False when the line last read was not ended by a line break.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The next line without its line break, valid until the next call; null at the end.</summary>
    /// <exception cref="TransferException">The line is longer than <see cref="LongestLine"/>.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellation)
    {
        int searched = _start;
        while (true)
        {
            int at = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                int end = searched + at;
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, end - _start);
                _start = end + 1;
                (Number, IsEnded) = (Number + 1, true);
                return line;
            }

            if (_isAtEnd)
            {
                if (_start == _end)
                {
                    return null;
                }

                ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
                _start = _end;
                (Number, IsEnded) = (Number + 1, false);
                return rest;
            }

            int kept = _end - _start;
            await FillAsync(cancellation).ConfigureAwait(false);
            searched = _start + kept;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= longestLine)
            {
                throw new TransferException($"Line {Number + 1} is longer than any that an export has: this is no export of this server.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await from.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        _isAtEnd = read == 0;
    }
}
