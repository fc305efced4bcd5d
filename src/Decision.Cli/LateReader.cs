namespace Decision.Cli;

/// <summary>Standard input, opened where it is read: to open it prepares a terminal for input, which puts escape sequences into the output.</summary>
internal sealed class LateReader(Func<TextReader> open) : TextReader
{
    private readonly Lazy<TextReader> _reader = new(open);

    public override int Peek() => _reader.Value.Peek();

    public override int Read() => _reader.Value.Read();

    public override int Read(char[] buffer, int index, int count) => _reader.Value.Read(buffer, index, count);

    public override string? ReadLine() => _reader.Value.ReadLine();

    public override string ReadToEnd() => _reader.Value.ReadToEnd();
}
