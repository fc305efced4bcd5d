using System.Security.Cryptography;
using System.Text;
using Decision.Cli.Failures;

namespace Decision.Cli.Export;

/// <summary>A file that appears under its name only when it is whole, readable by its owner alone; or standard output.</summary>
internal sealed class ResultFile : IAsyncDisposable
{
    public const string StandardOutput = "-";

    private readonly string? _path;
    private readonly string? _draft;

    private ResultFile(TextWriter writer, string? path, string? draft) => (Writer, _path, _draft) = (writer, path, draft);

    public TextWriter Writer { get; }

    /// <exception cref="CommandException">There is something of that name, or it cannot be made.</exception>
    public static ResultFile Create(string path, Shell shell)
    {
        if (path == StandardOutput)
        {
            return new ResultFile(shell.Out, null, null);
        }

        if (Path.Exists(path))
        {
            throw CommandException.WrongUse($"{path} exists already: remove it, or name another file.");
        }

        string draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new ResultFile(new StreamWriter(draft, new UTF8Encoding(false), options), path, draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"{path} cannot be written: {exception.Message}");
        }
    }

    /// <summary>Everything is written: gives the file its name.</summary>
    public async Task CompleteAsync()
    {
        await Writer.FlushAsync();
        if (_path is not null)
        {
            await Writer.DisposeAsync();
            File.Move(_draft!, _path, overwrite: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_draft is not null)
        {
            await Writer.DisposeAsync();
            File.Delete(_draft);
        }
    }
}
