using System.Security.Cryptography;
using System.Text.Json;
using Decision.Runtime.Hosting;
using Decision.Server.Hosting;

namespace Decision.Server.Configuration;

/// <summary>
/// Looks whether the settings files changed. Log levels count at once; of everything else it is told that it counts from the next start on, so that
/// nobody waits for it. Files that cannot be used change nothing.
/// </summary>
internal sealed class SettingsFiles : IReloadedFile, IStatusPart
{
    private readonly ServerConfiguration _source;
    private readonly ILogger _log;
    private readonly IReadOnlyDictionary<string, string?> _atStart;
    private IReadOnlyDictionary<string, string?> _taken;
    private byte[]? _read;
    private volatile string? _problem;
    private string? _seen;

    public SettingsFiles(ServerConfiguration source, ILogger<SettingsFiles> log)
    {
        (_source, _log) = (source, log);
        _atStart = Read(out var settings) is null ? settings! : new Dictionary<string, string?>();
        _taken = _atStart;
    }

    /// <inheritdoc />
    public string Name => "settings";

    /// <inheritdoc />
    public string? Problem => _problem;

    /// <inheritdoc />
    public void Look()
    {
        string? problem = Read(out var settings);
        if (problem is null)
        {
            Take(settings ?? _taken);
            (_problem, _seen) = (null, null);
            return;
        }

        // Seen twice: whoever writes a file in place may not be done.
        if (_seen == problem && _problem != problem)
        {
            ServerLog.SettingsNotReloaded(_log, problem);
            _problem = problem;
        }

        _seen = problem;
    }

    // Null = they are as they were when they were read last.
    private string? Read(out Dictionary<string, string?>? settings)
    {
        settings = null;
        string current = "";
        try
        {
            byte[][] contents = [.. _source.Files.Select(file => File.ReadAllBytes(current = file))];
            byte[] fingerprint = SHA256.HashData(contents.SelectMany(SHA256.HashData).ToArray());
            if (_read is not null && fingerprint.AsSpan().SequenceEqual(_read))
            {
                return null;
            }

            var read = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var (file, content) in _source.Files.Zip(contents))
            {
                current = file;
                foreach (var (name, value) in new ConfigurationBuilder().AddJsonStream(new MemoryStream(content)).Build().AsEnumerable())
                {
                    read[name] = value ?? read.GetValueOrDefault(name);
                }
            }

            var problems = new List<string>();
            LogLevels.Check(read, problems);
            if (problems.Count > 0)
            {
                return string.Join(' ', problems);
            }

            (_read, settings) = (fingerprint, read);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            return ServerConfiguration.Explain(exception, current);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"The settings file {current} cannot be read: {exception.Message.TrimEnd('.')}. Let the server's user read it.";
        }
    }

    private void Take(IReadOnlyDictionary<string, string?> settings)
    {
        string[] changed =
        [
            .. _taken.Keys.Union(settings.Keys, StringComparer.OrdinalIgnoreCase)
                .Where(name => _taken.GetValueOrDefault(name) != settings.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];
        if (changed.Length == 0)
        {
            return;
        }

        _taken = settings;
        string[] levels = [.. changed.Where(LogLevels.Includes)];
        if (levels.Length > 0)
        {
            _source.LogLevels.Take(settings, _atStart);

            // Where the environment or the command line has a say, that goes on to count.
            ServerLog.LogLevelsReloaded(_log, string.Join(", ", levels.Select(name => $"{name}={_source.Root[name] ?? "unset"}")));
        }

        // Without values, which may be secrets.
        string[] others = [.. changed.Except(levels, StringComparer.Ordinal)];
        if (others.Length > 0)
        {
            ServerLog.SettingsNeedRestart(_log, string.Join(", ", others));
        }
    }
}
