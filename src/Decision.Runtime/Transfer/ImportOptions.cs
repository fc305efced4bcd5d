namespace Decision.Runtime.Transfer;

/// <summary>How to import.</summary>
public sealed record ImportOptions
{
    /// <summary>Whether keys and documents that the store has with another content are overwritten.</summary>
    /// <value>Default: false, they refuse the import.</value>
    public bool Replaces { get; init; }

    /// <summary>Whether to check only, and write nothing.</summary>
    /// <value>Default: false.</value>
    public bool IsDryRun { get; init; }

    /// <summary><c>Secrets:Key</c> of the store that is imported into; null = it has none.</summary>
    public byte[]? SecretsKey { get; init; }

    /// <summary>Is told the lines read so far, now and then, of the check and then of the writing.</summary>
    public IProgress<long>? Progress { get; init; }
}
