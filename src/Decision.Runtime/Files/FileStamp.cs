namespace Decision.Runtime.Files;

/// <summary>What tells without reading that a file changed.</summary>
/// <param name="Target">The path behind all links.</param>
/// <param name="Exists">False where there is no file.</param>
/// <param name="IsFolder">True for a folder.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ChangedAt">When the content was last written.</param>
internal readonly record struct FileStamp(string Target, bool Exists, bool IsFolder, long Length, DateTimeOffset ChangedAt)
{
    /// <summary>The stamp now.</summary>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static FileStamp Of(string path)
    {
        string target = LinkPath.Resolve(path);
        var file = new FileInfo(target);
        if (file.Exists)
        {
            return new FileStamp(target, Exists: true, IsFolder: false, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }

        return new FileStamp(target, Exists: false, Directory.Exists(target), 0, default);
    }
}
