using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>
/// A connection of HTTP/2 that sends a number of calls and times them. It knows only what that takes: headers are not read, and what an answer says
/// is counted by the server; windows are opened so far that they are never in the way.
/// </summary>
internal sealed class CallConnection(RequestTemplate template, KeyChoice keys, int seed, int calls) : IDisposable
{
    private const int FrameHeader = 9;
    private const int MostUnderWay = 900; // of the 1,000 that the server allows
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7;
    private const byte EndStream = 1, Acknowledged = 1;

    // The preface; settings: no push, windows of 2^30; the connection's window likewise.
    private static readonly byte[] Opening =
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        0, 0, 12, Settings, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0x40, 0, 0, 0,
        0, 0, 4, 8, 0, 0, 0, 0, 0, 0x3F, 0xFF, 0, 0,
    ];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Random _random = new(seed);
    private readonly byte[] _received = new byte[128 << 10];
    private readonly byte[] _sending = new byte[MostUnderWay * template.MostBytes];
    private int _unread;
    private int _sent;
    private int _answered;
    private int _messages;
    private bool _isSettled;

    /// <summary>When each call began, and then how long it took, as the clock counts.</summary>
    public long[] Ticks { get; } = new long[calls];

    /// <summary>Connects, and waits until the server has said what it allows: from then on only one of those who send does so at a time.</summary>
    public async Task OpenAsync(IPEndPoint server, CancellationToken cancellation)
    {
        await _socket.ConnectAsync(server, cancellation);
        await _socket.SendAsync(Opening, cancellation);
        while (!_isSettled)
        {
            await ReceiveAsync(cancellation);
        }
    }

    /// <summary>Sends all calls, as many at once as there may be.</summary>
    public async Task DriveAsync(int atOnce, CancellationToken cancellation)
    {
        while (_answered < calls)
        {
            await SendAsync(Math.Min(atOnce - (_sent - _answered), calls - _sent), cancellation);
            await ReceiveAsync(cancellation);
        }

        Check();
    }

    /// <summary>Sends the next call, once no more are under way than may be.</summary>
    /// <param name="due">When it was due, as the clock counts: it takes since then, also where it has to wait here.</param>
    /// <param name="patience">How long it may have to.</param>
    /// <exception cref="MeasureException">It had to wait for longer.</exception>
    public void SendDue(long due, TimeSpan patience)
    {
        for (long since = Stopwatch.GetTimestamp(); _sent - Volatile.Read(ref _answered) >= MostUnderWay;)
        {
            if (Stopwatch.GetElapsedTime(since) > patience)
            {
                throw new MeasureException("More calls are due than may be under way: the server does not keep up with half of what it did before.");
            }

            Pace.WaitUntil(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10_000));
        }

        int length = Write(due, 0);
        for (int from = 0; from < length;)
        {
            from += _socket.Send(_sending.AsSpan(from, length - from));
        }
    }

    /// <summary>Receives until all calls are answered, while somebody else sends them.</summary>
    public async Task ReceiveAllAsync(CancellationToken cancellation)
    {
        while (_answered < calls)
        {
            await ReceiveAsync(cancellation);
        }

        Check();
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask SendAsync(int count, CancellationToken cancellation)
    {
        int length = 0;
        long now = Stopwatch.GetTimestamp();
        for (int number = 0; number < count; number++)
        {
            length += Write(now, length);
        }

        for (int from = 0; from < length;)
        {
            from += await _socket.SendAsync(_sending.AsMemory(from, length - from), cancellation);
        }
    }

    private int Write(long begun, int at)
    {
        Ticks[_sent] = begun;
        int length = template.Write(_sending.AsSpan(at), (2 * _sent) + 1, keys.Draw(_random, (seed * calls) + _sent));
        _sent++;
        return length;
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellation)
    {
        int received = await _socket.ReceiveAsync(_received.AsMemory(_unread), cancellation);
        if (received == 0)
        {
            throw new MeasureException("A server closed a connection.");
        }

        long now = Stopwatch.GetTimestamp();
        int length = _unread + received, from = 0;
        while (length - from >= FrameHeader)
        {
            int next = from + FrameHeader + (BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(from)) >>> 8);
            if (next > length)
            {
                break;
            }

            await ReadAsync(_received[from + 3], _received[from + 4], BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(from + 5)), now, cancellation);
            from = next;
        }

        _received.AsSpan(from, length - from).CopyTo(_received);
        _unread = length - from;
    }

    private async ValueTask ReadAsync(byte type, byte flags, int stream, long now, CancellationToken cancellation)
    {
        switch (type)
        {
            case Data:
                _messages++;
                break;
            case Headers when (flags & EndStream) != 0:
                Ticks[(stream - 1) / 2] = now - Ticks[(stream - 1) / 2];
                Volatile.Write(ref _answered, _answered + 1);
                break;
            case Settings when (flags & Acknowledged) == 0:
                _isSettled = true;
                await _socket.SendAsync(new byte[] { 0, 0, 0, Settings, Acknowledged, 0, 0, 0, 0 }, cancellation);
                break;
            case Reset or GoAway or Ping:
                throw new MeasureException($"A server sent a frame of type {type}, which ends a call or a connection.");
        }
    }

    private void Check()
    {
        if (_messages != calls)
        {
            throw new MeasureException($"{calls} calls were answered with {_messages} messages.");
        }
    }
}
