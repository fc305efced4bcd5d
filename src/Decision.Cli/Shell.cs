using System.Text;

namespace Decision.Cli;

/// <summary>What the tool is run from: streams, environment and clock.</summary>
internal sealed class Shell
{
    // Wide enough that no table is cut where lines go to a file or to grep.
    private const int UnboundedWidth = 240;

    /// <summary>For results, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For everything that is no result.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>The value of an environment variable; null = not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a person sees what is written to <see cref="Out"/>.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether a person sees what is written to <see cref="Error"/>.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether a person can answer on <see cref="In"/>.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>The width of the terminal in columns.</summary>
    public int Width { get; init; } = UnboundedWidth;

    public static Shell OfProcess()
    {
        var output = Open(Console.OpenStandardOutput(), !Console.IsOutputRedirected);
        return new Shell
        {
            Out = output,
            Error = Open(new ErrorStream(Console.OpenStandardError(), output), isFlushed: true),
            In = new LateReader(() => Console.In),
            Environment = System.Environment.GetEnvironmentVariable,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInputTerminal = !Console.IsInputRedirected,
            Width = WidthOfTerminal(),
        };
    }

    /// <summary>The value of an environment variable; null = not set, or empty.</summary>
    public string? Setting(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    // Not Console.Out, which flushes each line also where a long export goes to a file.
    private static StreamWriter Open(Stream stream, bool isFlushed) => new(stream, new UTF8Encoding(false)) { AutoFlush = isFlushed };

    private static int WidthOfTerminal()
    {
        if (Console.IsOutputRedirected && Console.IsErrorRedirected)
        {
            return UnboundedWidth;
        }

        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
