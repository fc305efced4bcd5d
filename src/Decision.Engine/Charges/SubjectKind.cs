namespace Decision.Engine.Charges;

/// <summary>Whose counters they are.</summary>
public enum SubjectKind : byte
{
    /// <summary>One key.</summary>
    Key = 0,

    /// <summary>The keys of an organisation that share a <c>rate_limit_pattern</c> value.</summary>
    Pattern = 1,

    /// <summary>All keys of an organisation.</summary>
    Organization = 2,

    /// <summary>All keys on one API.</summary>
    Api = 3,

    /// <summary>What a rate limit service was asked for: a proxy's names and values, no key of ours.</summary>
    Descriptor = 4,
}
