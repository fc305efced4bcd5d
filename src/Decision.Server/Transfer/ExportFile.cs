using System.Security.Cryptography;

namespace Decision.Server.Transfer;

/// <summary>A file that appears under its name only when it is whole, readable by the server's user alone: hashes of keys are in it.</summary>
internal sealed class ExportFile : IAsyncDisposable
{
    private const int BufferSize = 1 << 20;
    private readonly string _path;
    private readonly string _draft;
    private readonly FileStream _stream;

    private ExportFile(string path, string draft, FileStream stream) => (_path, _draft, _stream) = (path, draft, stream);

    public Stream Stream => _stream;

    /// <exception cref="IOException">There is something of that name, or it cannot be made.</exception>
    public static ExportFile Create(string path)
    {
        // Replacing would also take the place of a device or a link, and of the backup of yesterday.
        if (Path.Exists(path))
        {
            throw new IOException($"{path} exists already: remove it, or name another file.");
        }

        string draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial";
        return new ExportFile(path, draft, new FileStream(draft, PrivateFile.Options(FileMode.CreateNew, FileOptions.Asynchronous, BufferSize)));
    }

    /// <summary>Everything is written: gives the file its name.</summary>
    public async ValueTask CompleteAsync()
    {
        await _stream.FlushAsync();
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        File.Move(_draft, _path, overwrite: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(_draft);
    }
}
