namespace Decision.Engine.Paths;

/// <summary>
/// A canonical request path as patterns see it: the path below the API's listen path first, then the whole path.
/// </summary>
public readonly ref struct MatchPath
{
    private readonly int _listenPathLength;

    /// <summary>A path of which no listen path is known: patterns see the whole path only.</summary>
    /// <param name="whole">A path in canonical form (<see cref="RequestPath.TryNormalize"/>).</param>
    public MatchPath(ReadOnlySpan<char> whole)
        : this(whole, 0)
    {
    }

    /// <summary>A path of which the first characters are the listen path.</summary>
    /// <param name="whole">A path in canonical form (<see cref="RequestPath.TryNormalize"/>).</param>
    /// <param name="listenPathLength">Characters of the listen path without its last <c>/</c>, as <see cref="ListenPathIndex{T}.TryFind"/> gives
    /// it; 0 for the listen path <c>/</c> or none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The listen path does not end at the end of a segment of the path.</exception>
    public MatchPath(ReadOnlySpan<char> whole, int listenPathLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(listenPathLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(listenPathLength, whole.Length);
        if (listenPathLength > 0 && listenPathLength < whole.Length && whole[listenPathLength] != '/')
        {
            throw new ArgumentOutOfRangeException(nameof(listenPathLength), "The listen path must end at the end of a segment.");
        }

        Whole = whole;
        _listenPathLength = listenPathLength;
    }

    /// <summary>The whole path.</summary>
    public ReadOnlySpan<char> Whole { get; }

    /// <summary>Whether there is a path below a listen path that differs from the whole path.</summary>
    public bool HasBelow => _listenPathLength > 0;

    /// <summary>The path below the listen path, <c>/</c> where nothing follows it; the whole path where there is no listen path.</summary>
    public ReadOnlySpan<char> Below => _listenPathLength == Whole.Length && HasBelow ? "/" : Whole[_listenPathLength..];
}
