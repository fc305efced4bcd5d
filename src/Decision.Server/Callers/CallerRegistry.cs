using System.Security.Cryptography;
using Decision.Runtime.Hosting;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.Callers;

/// <summary>
/// Who may ask, as the file says. A change counts at the next call; one that is not sound changes nothing. A file that vanished keeps the callers
/// too: it must neither let everyone in nor shut everyone out.
/// </summary>
internal sealed class CallerRegistry : IReloadedFile, IStatusPart
{
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly string _file;
    private readonly bool _hasClientCa;
    private readonly ILogger _log;
    private volatile CallerSet _current;
    private volatile string? _problem;
    private byte[] _taken;
    private string? _seen;

    /// <summary>Reads the file.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="hasClientCa">Whether clients show certificates.</param>
    /// <param name="log">Where changes are told.</param>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public CallerRegistry(string file, bool hasClientCa, ILogger log)
    {
        (_file, _hasClientCa, _log) = (file, hasClientCa, log);
        if (Read(out var callers, out _taken) is { } problem)
        {
            throw new SettingsException($"Callers:File is '{file}', which cannot be used: {problem}");
        }

        _current = callers!;
    }

    public CallerSet Current => _current;

    /// <inheritdoc />
    public string Name => "callers";

    /// <inheritdoc />
    public string? Problem => _problem;

    /// <inheritdoc />
    public void Look()
    {
        string? problem = Read(out var callers, out byte[] fingerprint);
        if (problem is null)
        {
            if (!fingerprint.AsSpan().SequenceEqual(_taken))
            {
                (_current, _taken) = (callers!, fingerprint);
                CallerLog.Reloaded(_log, _file, callers!.Count);
            }

            (_problem, _seen) = (null, null);
            return;
        }

        // Seen twice: whoever writes the file in place may not be done.
        if (_seen == problem && _problem != problem)
        {
            CallerLog.NotReloaded(_log, _file, problem);
            _problem = problem;
        }

        _seen = problem;
    }

    private string? Read(out CallerSet? callers, out byte[] fingerprint)
    {
        (callers, fingerprint) = (null, []);
        try
        {
            if (new FileInfo(_file).Length > LargestFile)
            {
                return $"it is larger than {LargestFile / (1024 * 1024)} MiB.";
            }

            byte[] content = File.ReadAllBytes(_file);
            fingerprint = SHA256.HashData(content);
            callers = CallerFile.Read(content, out var problems);
            return callers is null ? "it " + string.Join(" Also: ", problems)
                : callers.ByCertificateName.Count > 0 && !_hasClientCa
                    ? "it has certificate_names, but no client shows a certificate here: set Server:Tls:ClientCaFile, or use token_sha256."
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            return "it cannot be read: let the server's user read it.";
        }
        catch (IOException exception)
        {
            return $"it cannot be read: {exception.Message.TrimEnd('.')}.";
        }
    }
}
