using Decision.Cli.Failures;

namespace Decision.Cli.Values;

/// <summary>Reads what a user names as a file.</summary>
internal static class InputFile
{
    /// <summary>Standard input in the place of a file.</summary>
    public const string StandardInput = "-";

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static string ReadText(string path, Shell shell)
    {
        if (path == StandardInput)
        {
            return shell.In.ReadToEnd();
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandException.WrongUse($"There is no file {path}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse(Directory.Exists(path)
                ? $"{path} is a folder: name a file."
                : $"The file {path} cannot be read: {exception.Message}");
        }
    }
}
