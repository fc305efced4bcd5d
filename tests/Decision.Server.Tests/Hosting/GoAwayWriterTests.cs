using System.Buffers;
using System.IO.Pipelines;
using Decision.Server.Hosting.Connections;

namespace Decision.Server.Tests.Hosting;

/// <summary>Where between the server's frames a client is asked to go away.</summary>
public sealed class GoAwayWriterTests
{
    private const string Asking = "0000080700000000007FFFFFFF00000000";

    private readonly Pipe _sent = new();
    private readonly GoAwayWriter _writer;
    private int _asked;

    public GoAwayWriterTests() => _writer = new GoAwayWriter(_sent.Writer, () => _asked++);

    [Fact]
    public async Task Client_is_asked_once_before_the_next_frame()
    {
        await WriteAsync(0x11);
        Assert.Equal("11", await SentAsync());

        _writer.AskBeforeNextFrame();
        await WriteAsync(0x22);
        await WriteAsync(0x33);

        Assert.Equal(Asking + "2233", await SentAsync());
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task First_frame_is_the_servers_own()
    {
        _writer.AskBeforeNextFrame();
        await WriteAsync(0x11);
        Assert.Equal(("11", 0), (await SentAsync(), _asked));

        await WriteAsync(0x22);

        Assert.Equal(Asking + "22", await SentAsync());
    }

    [Fact]
    public async Task Frame_that_is_being_written_is_not_broken()
    {
        await WriteAsync(0x11);
        _writer.Write<byte>([0x22]);
        _writer.AskBeforeNextFrame();
        await WriteAsync(0x33);
        Assert.Equal("112233", await SentAsync());

        _writer.GetMemory(1).Span[0] = 0x44;
        _writer.Advance(1);
        await _writer.FlushAsync();

        Assert.Equal(Asking + "44", await SentAsync());
    }

    private async Task WriteAsync(byte frame)
    {
        _writer.Write<byte>([frame]);
        await _writer.FlushAsync();
    }

    private async Task<string> SentAsync()
    {
        var read = await _sent.Reader.ReadAsync();
        string sent = Convert.ToHexString(read.Buffer.ToArray());
        _sent.Reader.AdvanceTo(read.Buffer.End);
        return sent;
    }
}
