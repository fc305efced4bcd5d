using System.Collections.Immutable;
using Decision.Runtime.Administration;

namespace Decision.Runtime.Credentials;

/// <summary>
/// Who acts. It goes with the flow of a call (<see cref="Become"/>) rather than through every signature: what checks the scope and what writes
/// the audit log are far from what knows the caller.
/// </summary>
/// <param name="Id">The credential's id; <c>admin-secret</c> for <c>Admin:Secret</c>, <c>server</c> for the server itself.</param>
/// <param name="Name">The credential's name, or the part of the server.</param>
/// <param name="Role">What it may do.</param>
public sealed record Actor(string Id, string Name, AdminRole Role)
{
    /// <summary>The id of whoever has <c>Admin:Secret</c>.</summary>
    public const string AdminSecretId = "admin-secret";

    /// <summary>The id of the server itself.</summary>
    public const string ServerId = "server";

    private static readonly AsyncLocal<Actor?> Ambient = new();
    private static readonly Actor Unnamed = OfServer("server");

    /// <summary>The organisations that it may see and change; empty = all, and what belongs to none.</summary>
    public ImmutableArray<string> Organizations { get; init; } = [];

    /// <summary>Where the call came from, as the transport tells it; empty = from inside.</summary>
    public string Peer { get; init; } = "";

    /// <summary>How it came: <c>grpc</c>, <c>http</c>, or <c>internal</c>.</summary>
    public string Protocol { get; init; } = "internal";

    /// <summary>What the client calls itself; empty = nothing.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Which of the secrets that a credential had one after the other it came with; 0 = a credential has but one.</summary>
    public int SecretNumber { get; init; }

    /// <summary>Whether it sees only some organisations.</summary>
    public bool IsScoped => !Organizations.IsDefaultOrEmpty;

    /// <summary>Who acts now; the server itself where nobody else does.</summary>
    public static Actor Current => Ambient.Value ?? Unnamed;

    /// <summary>A part of the server.</summary>
    public static Actor OfServer(string part) => new(ServerId, part, AdminRole.Admin);

    /// <summary>Lets it act until the asynchronous method that calls this ends.</summary>
    public static void Become(Actor actor) => Ambient.Value = actor;

    /// <summary>Whether it may see and change what belongs to the organisation.</summary>
    public bool Includes(string organizationId) => !IsScoped || Organizations.Contains(organizationId, StringComparer.Ordinal);

    /// <summary>Whether it may see and change what belongs to these organisations; none of them = it belongs to all.</summary>
    public bool IncludesAll(ImmutableArray<string> organizationIds) =>
        !IsScoped || (!organizationIds.IsDefaultOrEmpty && organizationIds.All(Includes));

    /// <summary>Refuses what belongs to another organisation, or to none.</summary>
    /// <param name="organizationId">The organisation.</param>
    /// <param name="what">What is asked for, such as <c>policy gold</c>.</param>
    /// <exception cref="AdministrationException">It may not.</exception>
    public void Require(string organizationId, string what)
    {
        if (!Includes(organizationId))
        {
            throw Refused(organizationId.Length == 0 ? $"The {what} belongs to no organisation" : $"The {what} belongs to another organisation");
        }
    }

    /// <summary>Refuses what belongs to all organisations.</summary>
    /// <param name="what">The sentence's beginning, such as <c>The files belong to all organisations</c>.</param>
    /// <exception cref="AdministrationException">It may not.</exception>
    public void RequireAll(string what)
    {
        if (IsScoped)
        {
            throw Refused(what);
        }
    }

    private AdministrationException Refused(string what) => new(
        AdministrationError.PermissionDenied,
        $"{what}, and the credential {Name} is only for {string.Join(", ", Organizations.Select(id => $"\"{id}\""))}.");
}
