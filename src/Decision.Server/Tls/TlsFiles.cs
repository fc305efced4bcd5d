namespace Decision.Server.Tls;

/// <summary>The text of the files at one moment.</summary>
internal readonly record struct TlsFiles(string Certificate, string Key, string ClientCa)
{
    private const int LargestFile = 1024 * 1024;

    /// <summary>Reads those that are set.</summary>
    /// <param name="settings">Names of the files.</param>
    /// <param name="files">Their text.</param>
    /// <returns>What cannot be read, as a sentence; null = everything could.</returns>
    public static string? Read(TlsSettings settings, out TlsFiles files)
    {
        string? problem = Read(settings.CertificateFile, out string certificate);
        string? keyProblem = Read(settings.KeyFile, out string key);
        string? clientCaProblem = Read(settings.ClientCaFile, out string clientCa);
        files = new TlsFiles(certificate, key, clientCa);
        return problem ?? keyProblem ?? clientCaProblem;
    }

    private static string? Read(string path, out string text)
    {
        text = "";
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                return $"{path} is larger than {LargestFile / 1024} KiB: name a PEM file.";
            }

            text = File.ReadAllText(path);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{path} cannot be read: let the server's user read it.";
        }
        catch (IOException exception)
        {
            return $"{path} cannot be read: {exception.Message.TrimEnd('.')}.";
        }
    }
}
