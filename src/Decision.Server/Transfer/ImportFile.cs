namespace Decision.Server.Transfer;

/// <summary>Opens what is imported so that it can be read twice: what cannot seek is copied first.</summary>
internal static class ImportFile
{
    private const int BufferSize = 1 << 16;

    /// <exception cref="IOException">It cannot be read, or the copy cannot be written.</exception>
    public static async Task<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        var file = path == TransferCommand.StandardStream
            ? System.Console.OpenStandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (path != TransferCommand.StandardStream && file.CanSeek)
        {
            return file;
        }

        await using (file)
        {
            var copy = new FileStream(
                Path.Combine(Path.GetTempPath(), $"decision-import-{Guid.NewGuid():N}"),
                PrivateFile.Options(FileMode.CreateNew, FileOptions.Asynchronous | FileOptions.DeleteOnClose, BufferSize));
            try
            {
                // A read of standard input cannot be given up; the wait for it can.
                await file.CopyToAsync(copy, cancellation).WaitAsync(cancellation);
                return copy;
            }
            catch
            {
                await copy.DisposeAsync();
                throw;
            }
        }
    }
}
