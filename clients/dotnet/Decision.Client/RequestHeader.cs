namespace Decision.Client;

/// <summary>One header of a client's request.</summary>
/// <param name="Name">Its name, in any case.</param>
/// <param name="Value">Its value as it came.</param>
public readonly record struct RequestHeader(string Name, string Value)
{
    /// <summary>The name alone: the value may be a key.</summary>
    public override string ToString() => Name;
}
