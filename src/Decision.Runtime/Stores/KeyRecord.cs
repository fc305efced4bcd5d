using System.Collections.Immutable;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;

namespace Decision.Runtime.Stores;

/// <summary>A key as it is stored: what was written, and the hashes that it is known by.</summary>
public sealed record KeyRecord
{
    /// <summary>The settings; <see cref="Key.HmacString"/> is empty here.</summary>
    public required Key Key { get; init; }

    /// <summary>The hashes that are accepted, newest first; at most two during a rotation.</summary>
    public required ImmutableArray<KeyHash> Hashes { get; init; }

    /// <summary>64 random bits, drawn anew at each write; never 0. The etag is made of it.</summary>
    public required ulong Version { get; init; }

    /// <summary>The signature secret, sealed with <c>Secrets:Key</c>; empty = none.</summary>
    public string SealedHmacString { get; init; } = "";
}
