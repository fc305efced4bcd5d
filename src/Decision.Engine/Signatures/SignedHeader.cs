namespace Decision.Engine.Signatures;

/// <summary>A header of the request as it was received. A repeated header appears once per line, in order.</summary>
/// <param name="Name">The name, in any case.</param>
/// <param name="Value">The value; white space around it is not part of it.</param>
public readonly record struct SignedHeader(string Name, string Value);
