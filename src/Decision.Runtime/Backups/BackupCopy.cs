namespace Decision.Runtime.Backups;

/// <summary>A copy of the store, to be read from its beginning. Nothing of it is left when it is disposed.</summary>
/// <param name="content">The copy.</param>
/// <param name="sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed class BackupCopy(Stream content, string sha256) : IAsyncDisposable
{
    /// <summary>The copy.</summary>
    public Stream Content { get; } = content;

    /// <summary>How many bytes it has.</summary>
    public long Length { get; } = content.Length;

    /// <summary>Its SHA-256, 64 hexadecimal digits.</summary>
    public string Sha256 { get; } = sha256;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
