using System.Collections.Immutable;

namespace Decision.Runtime.Credentials;

/// <summary>A credential of admin calls, as it is stored: of its token there is only the hash.</summary>
public sealed record AdminCredential
{
    /// <summary>16 letters and digits, readable in the token.</summary>
    public required string Id { get; init; }

    /// <summary>Who or what has it.</summary>
    public required string Name { get; init; }

    /// <summary>More about it; empty = nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it may do.</summary>
    public required AdminRole Role { get; init; }

    /// <summary>The organisations that it sees and changes, in order; empty = all.</summary>
    public ImmutableArray<string> Organizations { get; init; } = [];

    /// <summary>SHA-256 of the token.</summary>
    public required ImmutableArray<byte> Hash { get; init; }

    /// <summary>In microseconds since the Unix epoch, as all times here.</summary>
    public required long CreatedAtUs { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>From then on it is refused; 0 = never.</summary>
    public long ExpiresAtUs { get; init; }

    /// <summary>Since when it is refused; 0 = it was not revoked.</summary>
    public long RevokedAtUs { get; init; }

    /// <summary>Who revoked it.</summary>
    public string RevokedBy { get; init; } = "";

    /// <summary>When it was used last, to about an hour; 0 = never. Kept beside it, not in it.</summary>
    public long LastUsedAtUs { get; init; }

    /// <summary>When it ended or ends; 0 = never.</summary>
    public long EndsAtUs => (RevokedAtUs, ExpiresAtUs) switch
    {
        (0, var expires) => expires,
        (var revoked, 0) => revoked,
        var (revoked, expires) => Math.Min(revoked, expires),
    };

    /// <summary>Whether it is accepted.</summary>
    public bool IsLiveAt(long nowUs) => EndsAtUs == 0 || nowUs < EndsAtUs;

    /// <summary>As who acts with it.</summary>
    public Actor ToActor() => new(Id, Name, Role) { Organizations = Organizations };
}
