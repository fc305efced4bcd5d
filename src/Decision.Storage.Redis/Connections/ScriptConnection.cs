using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// A connection for calls of scripts, one after the other, of the thread that has it to itself: it writes, and waits for the answer in the kernel. No
/// other thread has to be woken for that, which is most of what a call costs (docs/decisions/0017). For Redis without TLS; commands are as the client library sends them.
/// </summary>
internal sealed class ScriptConnection : IDisposable
{
    private const int ReadAtOnce = 16 * 1024;

    private readonly Socket _socket;
    private readonly ArrayBufferWriter<byte> _request = new(ReadAtOnce);
    private byte[] _answer = new byte[ReadAtOnce];
    private int _filled;
    private int _begin;
    private int _length;

    private ScriptConnection(Socket socket) => _socket = socket;

    /// <summary>Connects, says who it is and chooses the database.</summary>
    /// <param name="endPoint">The server.</param>
    /// <param name="configuration">Its credentials, name and database.</param>
    /// <param name="timeout">How long connecting may take at most, and then each answer.</param>
    /// <exception cref="RedisException">The server cannot be reached, or refuses.</exception>
    public static ScriptConnection Open(EndPoint endPoint, ConfigurationOptions configuration, TimeSpan timeout)
    {
        Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ScriptConnection connection = new(socket);
        try
        {
            connection.SetTimeout(timeout);
            socket.Connect(endPoint);
            if (configuration.Password is { } password)
            {
                connection.Ask(configuration.User is { } user ? ["AUTH", user, password] : ["AUTH", password]);
            }

            if (configuration.ClientName is { } name)
            {
                // A user may lack the right to it: it is only a name in lists.
                connection.TryAsk("CLIENT", "SETNAME", name);
            }

            if (configuration.DefaultDatabase is { } database and > 0)
            {
                connection.Ask("SELECT", database.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            return connection;
        }
        catch (Exception error)
        {
            connection.Dispose();
            if (error is SocketException)
            {
                throw Broken(error);
            }

            throw;
        }
    }

    /// <summary>What was received last, until the next command is sent.</summary>
    public ReadOnlySpan<byte> Answer => _answer.AsSpan(_begin, _length);

    /// <summary>
    /// Whether the server has closed it while nothing was asked. Redis does so after its setting <c>timeout</c>, and what is in between after one of its own.
    /// </summary>
    public bool IsCut
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    /// <summary>How long an answer may take from now on.</summary>
    public void SetTimeout(TimeSpan timeout)
    {
        int milliseconds = Math.Max(1, (int)timeout.TotalMilliseconds);
        _socket.ReceiveTimeout = milliseconds;
        _socket.SendTimeout = milliseconds;
    }

    /// <summary>Begins a command.</summary>
    /// <param name="parts">Its name and arguments in all.</param>
    public void Begin(int parts)
    {
        _request.ResetWrittenCount();
        WriteLength((byte)'*', parts);
    }

    /// <summary>Writes the next part of the command.</summary>
    public void Write(ReadOnlySpan<byte> part)
    {
        WriteLength((byte)'$', part.Length);
        Span<byte> target = _request.GetSpan(part.Length + 2);
        part.CopyTo(target);
        "\r\n"u8.CopyTo(target[part.Length..]);
        _request.Advance(part.Length + 2);
    }

    /// <summary>Writes the next part of the command.</summary>
    public void Write(string part)
    {
        int length = Encoding.UTF8.GetByteCount(part);
        WriteLength((byte)'$', length);
        Span<byte> target = _request.GetSpan(length + 2);
        Encoding.UTF8.GetBytes(part, target);
        "\r\n"u8.CopyTo(target[length..]);
        _request.Advance(length + 2);
    }

    /// <summary>Writes a number as the next part of the command.</summary>
    public void Write(int part)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(part, digits, out int length);
        Write(digits[..length]);
    }

    /// <summary>Sends the command.</summary>
    /// <exception cref="RedisConnectionException">The connection is broken.</exception>
    /// <exception cref="TimeoutException">It is not taken.</exception>
    public void Send()
    {
        ReadOnlySpan<byte> rest = _request.WrittenSpan;
        _filled = 0;
        try
        {
            while (rest.Length > 0)
            {
                rest = rest[_socket.Send(rest)..];
            }
        }
        catch (SocketException error)
        {
            throw Failed(error);
        }
    }

    /// <summary>Waits for the answer to what was sent: one line, or a string of bytes.</summary>
    /// <exception cref="RedisServerException">The answer is an error; the connection is as good as before.</exception>
    /// <exception cref="RedisConnectionException">The connection is broken.</exception>
    /// <exception cref="TimeoutException">It did not come in time; the connection is of no further use.</exception>
    public void Receive()
    {
        int end;
        while ((end = _answer.AsSpan(0, _filled).IndexOf("\r\n"u8)) < 0)
        {
            Fill();
        }

        if (_answer[0] is (byte)'-')
        {
            throw new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, Encoding.UTF8.GetString(_answer, 1, end - 1));
        }

        (_begin, _length) = (0, end);
        if (_answer[0] is not (byte)'$')
        {
            return;
        }

        if (!Utf8Parser.TryParse(_answer.AsSpan(1, end - 1), out int length, out _) || length < 0)
        {
            throw Broken(new InvalidDataException("The answer is not one of a script."));
        }

        (_begin, _length) = (end + 2, length);
        while (_filled < _begin + length + 2)
        {
            Fill();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a command and waits for its answer.</summary>
    public void Ask(params ReadOnlySpan<string> parts)
    {
        Begin(parts.Length);
        foreach (string part in parts)
        {
            Write(part);
        }

        Send();
        Receive();
    }

    private void TryAsk(params ReadOnlySpan<string> parts)
    {
        try
        {
            Ask(parts);
        }
        catch (RedisServerException)
        {
            // It is done without.
        }
    }

    private void Fill()
    {
        if (_filled == _answer.Length)
        {
            Array.Resize(ref _answer, _answer.Length * 2);
        }

        try
        {
            int read = _socket.Receive(_answer.AsSpan(_filled));
            if (read == 0)
            {
                throw Broken(null);
            }

            _filled += read;
        }
        catch (SocketException error)
        {
            throw Failed(error);
        }
    }

    private void WriteLength(byte kind, int length)
    {
        Span<byte> target = _request.GetSpan(14);
        target[0] = kind;
        Utf8Formatter.TryFormat(length, target[1..], out int digits);
        "\r\n"u8.CopyTo(target[(digits + 1)..]);
        _request.Advance(digits + 3);
    }

    private static Exception Failed(SocketException error) =>
        error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.TryAgain
            ? new TimeoutException("Redis did not answer in time.", error)
            : Broken(error);

    private static RedisConnectionException Broken(Exception? error) =>
        new(ConnectionFailureType.SocketFailure, CommandFlags.None, "The connection for decisions is broken.", error, CommandStatus.Sent);
}
