using System.Globalization;
using Decision.Server.Configuration;

namespace Decision.Server.DecisionLogs;

/// <summary>
/// A file that is put aside when it is full: FILE becomes FILE.1, that FILE.2 and so on, the oldest goes. Lines are never torn apart. A file that
/// could not be written is opened anew at the next try.
/// </summary>
/// <param name="path">Full path.</param>
/// <param name="maxBytes">How long a file may become, unless one write is longer.</param>
/// <param name="kept">How many are kept aside.</param>
internal sealed class RotatedFile(string path, long maxBytes, int kept) : ILineTarget
{
    private FileStream? _file;

    public void Open()
    {
        try
        {
            _file = Append();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"DecisionLog:File is '{path}': it cannot be written ({error.Message.TrimEnd('.')}); let the server's user write there, or name another file."]);
        }
    }

    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            _file ??= Append();
            if (_file.Length > 0 && _file.Length + lines.Length > maxBytes)
            {
                Rotate();
            }

            _file.Write(lines);
            _file.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Close();
            throw new IOException(error.Message, error);
        }
    }

    public void Dispose() => Close();

    private void Rotate()
    {
        Close();
        for (int number = kept - 1; number >= 1; number--)
        {
            Move(Aside(number), Aside(number + 1));
        }

        Move(path, Aside(1));
        _file = Append();
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: true);
        }
    }

    private string Aside(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    // Unbuffered: what was written is with the operating system, whatever becomes of this process.
    private FileStream Append()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return new FileStream(path, options);
    }

    private void Close()
    {
        var file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // It was not buffered: nothing is lost by this.
        }
    }
}
