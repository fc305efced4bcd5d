namespace Decision.Cli;

/// <summary>Standard input, opened only where it is read: most commands read none, and leave the terminal alone.</summary>
internal sealed class LateReader(Func<TextReader> open) : TextReader
{
    private readonly Lazy<TextReader> _reader = new(open);

    public override int Peek() => _reader.Value.Peek();

    public override int Read() => _reader.Value.Read();

    public override int Read(char[] buffer, int index, int count) => _reader.Value.Read(buffer, index, count);

    public override string? ReadLine() => _reader.Value.ReadLine();

    public override string ReadToEnd() => _reader.Value.ReadToEnd();
}
