using System.Security.Cryptography;
using Decision.Cli.Failures;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Backups;

/// <summary>A backup that appears under its name only when all of it came and is on the disk, readable by its owner alone.</summary>
internal sealed class BackupFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _draft;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private BackupFile(string path, string draft, FileStream stream) => (_path, _draft, _stream) = (path, draft, stream);

    /// <summary>Bytes that came.</summary>
    public long Length { get; private set; }

    /// <exception cref="CommandException">There is something of that name, or it cannot be made.</exception>
    public static BackupFile Create(string path)
    {
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
            return new BackupFile(path, draft, new FileStream(draft, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"{path} cannot be written: {exception.Message}");
        }
    }

    /// <exception cref="CommandException">The disk does not take it.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellation);
        }
        catch (IOException exception)
        {
            throw CommandException.Refused($"{_path} cannot be written, and there is no backup: {exception.Message}");
        }

        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Everything came: gives the file its name.</summary>
    /// <param name="backup">What the server said of it; null = nothing.</param>
    /// <exception cref="CommandException">It is not what the server sent, or cannot be kept.</exception>
    public async Task CompleteAsync(Backup? backup)
    {
        if (backup is null || backup.Size != Length || backup.Sha256 != Convert.ToHexStringLower(_hash.GetHashAndReset()))
        {
            throw new CommandException(ExitCode.ServiceFailed, $"The backup did not come whole ({Length} of {backup?.Size ?? 0} bytes), and {_path} was not written: try again.");
        }

        try
        {
            await _stream.FlushAsync();
            _stream.Flush(flushToDisk: true);
            await _stream.DisposeAsync();
            File.Move(_draft, _path, overwrite: false);
        }
        catch (IOException exception)
        {
            throw CommandException.Refused($"{_path} cannot be written, and there is no backup: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _stream.DisposeAsync();
        File.Delete(_draft);
    }
}
