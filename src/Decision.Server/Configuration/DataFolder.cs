using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Server.Configuration;

/// <summary>The folder of the database and of the secrets that the server makes for itself at its first start.</summary>
internal sealed class DataFolder(string path, ILogger log)
{
    private const int SecretLength = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);

    public string AdminSecretFile { get; } = Path.Combine(path, "admin-secret");

    public string SecretsKeyFile { get; } = Path.Combine(path, "secrets-key");

    /// <summary>The secret of the file, which is made if it is not there; of 43 or more characters of base64url.</summary>
    /// <exception cref="SettingsException">The folder or the file cannot be used.</exception>
    public string AdminSecret() => Read(AdminSecretFile, "Admin:Secret");

    /// <summary>The key of the file, which is made if it is not there.</summary>
    /// <exception cref="SettingsException">The folder or the file cannot be used.</exception>
    public byte[] SecretsKey() => Encoding.UTF8.GetBytes(Read(SecretsKeyFile, "Secrets:Key"));

    /// <summary>The key of the file; null where there is no file, and then none is made.</summary>
    /// <exception cref="SettingsException">The file cannot be used.</exception>
    public byte[]? FindSecretsKey() => File.Exists(SecretsKeyFile) ? SecretsKey() : null;

    /// <summary>Makes the folder, readable by the server's user alone.</summary>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public void Make()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"The data folder {path} cannot be made: {exception.Message.TrimEnd('.')}. Set Data:Path to a folder that the server's user may write to.");
        }
    }

    private string Read(string file, string setting)
    {
        Make();
        try
        {
            if (!File.Exists(file))
            {
                Write(file);
                ServerLog.SecretMade(log, setting, file);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                ServerLog.SecretReadable(log, file, setting);
            }

            string secret = File.ReadAllText(file).Trim();
            return secret.Length >= SecretLength && !secret.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? secret
                : throw new SettingsException(
                    $"The file {file} does not hold a secret of {SecretLength} characters or more: remove it to have a new one made, or set {setting}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"The file {file} cannot be used: {exception.Message.TrimEnd('.')}. Let the server's user read it, or set {setting}.");
        }
    }

    private static void Write(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // Written beside and moved into place: a crash leaves no half secret that would be taken for a whole one.
        string draft = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file);
    }
}
