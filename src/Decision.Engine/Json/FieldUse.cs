namespace Decision.Engine.Json;

/// <summary>What is done with a field of a known name.</summary>
internal enum FieldUse : byte
{
    /// <summary>Read into the record.</summary>
    Read = 0,

    /// <summary>Known to Tyk, without a meaning here: kept as it came, without a word.</summary>
    Kept = 1,

    /// <summary>An answer that a caller sends back: dropped without a word.</summary>
    Dropped = 2,
}
