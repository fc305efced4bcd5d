using System.Security.Cryptography;
using System.Text;
using Decision.Runtime.Hosting;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.Administrators;

/// <summary>
/// The admin secret of a file, of which only the hash is held. Another one counts at the next call, and the one before it no more; a file that
/// cannot be used, or vanished, changes nothing.
/// </summary>
internal sealed class AdminSecretFile : IReloadedFile, IStatusPart
{
    private const int LargestFile = 64 * 1024;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _file;
    private readonly ILogger _log;
    private volatile AdminSecret _secret;
    private volatile string? _problem;
    private string? _seen;

    /// <summary>Reads the file.</summary>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public AdminSecretFile(string file, ILogger log)
    {
        (_file, _log) = (file, log);
        if (Read(out byte[] hash) is { } problem)
        {
            throw new SettingsException($"{AdminSecretReader.FileSetting} is '{file}', which cannot be used: it {problem}");
        }

        _secret = new AdminSecret(hash, 1);

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
        {
            ServerLog.SecretReadable(log, file, AdminSecretReader.Setting);
        }
    }

    /// <summary>The secret in force.</summary>
    public AdminSecret Secret => _secret;

    /// <inheritdoc />
    public string Name => "admin-secret";

    /// <inheritdoc />
    public string? Problem => _problem;

    /// <inheritdoc />
    public void Look()
    {
        string? problem = Read(out byte[] hash);
        if (problem is null)
        {
            if (!CryptographicOperations.FixedTimeEquals(hash, _secret.Hash))
            {
                _secret = new AdminSecret(hash, _secret.Number + 1);
                ServerLog.AdminSecretReloaded(_log, _file);
            }

            (_problem, _seen) = (null, null);
            return;
        }

        // Seen twice: whoever writes the file in place may not be done.
        if (_seen == problem && _problem != problem)
        {
            ServerLog.AdminSecretNotReloaded(_log, _file, problem);
            _problem = $"{_file} {problem} The secret before it stays in force.";
        }

        _seen = problem;
    }

    private string? Read(out byte[] hash)
    {
        hash = [];
        try
        {
            if (new FileInfo(_file).Length > LargestFile)
            {
                return $"is larger than {LargestFile / 1024} KiB: write the secret alone into it.";
            }

            string secret = File.ReadAllText(_file).Trim();
            if (AdminSecretReader.ProblemsOf(secret).FirstOrDefault() is { } problem)
            {
                return problem;
            }

            hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "cannot be read: let the server's user read it.";
        }
        catch (IOException exception)
        {
            return $"cannot be read: {exception.Message.TrimEnd('.')}.";
        }
    }
}
