namespace Decision.Server.DecisionLogs;

/// <summary>The process's standard output.</summary>
internal sealed class StandardOutput : ILineTarget
{
    private readonly Stream _stream = System.Console.OpenStandardOutput();

    public void Open()
    {
    }

    public void Write(ReadOnlySpan<byte> lines)
    {
        _stream.Write(lines);
        _stream.Flush();
    }

    public void Dispose() => _stream.Dispose();
}
