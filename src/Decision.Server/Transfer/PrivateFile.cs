namespace Decision.Server.Transfer;

/// <summary>Files that the server's user alone can read.</summary>
internal static class PrivateFile
{
    public static FileStreamOptions Options(FileMode mode, FileOptions options, int bufferSize)
    {
        var all = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Options = options, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows())
        {
            all.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return all;
    }
}
