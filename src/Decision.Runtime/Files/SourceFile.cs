using System.Security.Cryptography;

namespace Decision.Runtime.Files;

/// <summary>A file as it was at one moment: its content, or why it could not be read.</summary>
internal sealed record SourceFile
{
    /// <summary>Largest file that is read, in bytes: 64 MiB.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    // A file system may stamp two writes of one moment alike: what is younger than this is compared by content.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(3);

    public required FileRole Role { get; init; }

    /// <summary>What findings and <c>Source</c> say: the name in its folder.</summary>
    public required string Name { get; init; }

    /// <summary>Where links lead, and the size and time of the change there.</summary>
    public required FileStamp Stamp { get; init; }

    /// <summary>True when an equal stamp means equal content.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Equal for equal content, and for equal problems.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Null where it was not read again, or could not be.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Why it cannot be read; null when it was.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads the file, unless <paramref name="before"/> tells that it did not change.</summary>
    public static SourceFile Read(FileRole role, string path, DateTimeOffset now, SourceFile? before)
    {
        string name = Path.GetFileName(path);
        FileStamp stamp = default;
        try
        {
            stamp = FileStamp.Of(path);
            if (before is { IsSettled: true } && before.Stamp == stamp)
            {
                return before with { Content = null };
            }

            if (stamp.IsFolder)
            {
                return Broken("is a folder, but must be a file: rename or remove it.");
            }

            if (stamp.Length > LargestFile)
            {
                return Broken(TooLarge);
            }

            // Nothing is opened that says it is empty: to open a pipe would wait for its writer.
            byte[]? content = stamp.Exists && stamp.Length == 0 ? [] : ReadContent(stamp.Target);
            return content is null ? Broken(TooLarge) : new SourceFile
            {
                Role = role,
                Name = name,
                Stamp = stamp,
                IsSettled = stamp.ChangedAt < now - Young,
                Fingerprint = Convert.ToHexString(SHA256.HashData(content)),
                Content = content,
            };
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Broken(stamp.Target is { } target && target != path
                ? $"is a link to {target}, which is not there: mend the link."
                : $"is not there ({path}): put it back, or write {{}} into it to have nothing.");
        }
        catch (UnauthorizedAccessException)
        {
            return Broken($"cannot be read: the server's user has no permission to read {path}.");
        }
        catch (IOException error)
        {
            return Broken($"cannot be read: {error.Message.TrimEnd('.')}.");
        }

        SourceFile Broken(string problem) => new()
        {
            Role = role,
            Name = name,
            Stamp = stamp,

            // Tried again each time: what kept it from being read may leave no trace in the stamp.
            IsSettled = false,
            Fingerprint = "!" + problem,
            Problem = problem,
        };
    }

    private static string TooLarge => $"is larger than {LargestFile / (1024 * 1024)} MiB: split it into several files of a folder (policy_path).";

    private static byte[]? ReadContent(string path)
    {
        // Whoever writes the file is not held up, and may replace it meanwhile.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var content = new MemoryStream();
        byte[] buffer = new byte[81_920];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > LargestFile)
            {
                return null;
            }
        }

        return content.ToArray();
    }
}
