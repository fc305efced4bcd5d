namespace Decision.Engine.Grants;

/// <summary>The rights of one or of many keys, compiled, each at its place.</summary>
internal sealed class RightTable
{
    private readonly Dictionary<string, int> _places;
    private readonly CompiledRight[] _rights;

    // What other keys find these rights by must live as long as a grant that uses them.
    private readonly MergedRights _merged;

    public RightTable(MergedRights merged)
    {
        _merged = merged;
        _places = new Dictionary<string, int>(merged.Rights.Count, StringComparer.Ordinal);
        _rights = new CompiledRight[merged.Rights.Count + (merged.AnyApi is null ? 0 : 1)];
        foreach (var (api, right) in merged.Rights)
        {
            _rights[_places.Count] = new CompiledRight(api, right, merged.Options);
            _places.Add(api, _places.Count);
        }

        AnyApi = _merged.AnyApi is null ? -1 : _places.Count;
        if (merged.AnyApi is { } any)
        {
            _rights[AnyApi] = new CompiledRight("", any, merged.Options);
        }
    }

    /// <summary>How many, that on every other API included.</summary>
    public int Count => _rights.Length;

    /// <summary>The place of a master key's right on every API that is not named; -1 = there is none.</summary>
    public int AnyApi { get; }

    /// <summary>The places by API.</summary>
    public IEnumerable<KeyValuePair<string, int>> Named => _places;

    /// <summary>The right at a place.</summary>
    public CompiledRight this[int place] => _rights[place];

    /// <summary>The place of the right on an API; -1 = none.</summary>
    public int PlaceOf(string apiId) => _places.TryGetValue(apiId, out int place) ? place : AnyApi;
}
