using Decision.Benchmarks.Load.Driving;

namespace Decision.Benchmarks.Load;

/// <summary>One of what is driven in turn: a server, what it is asked, and what each answer must be by the server's own count.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Servers">The names of the servers that are asked; the load is spread over them.</param>
internal sealed record Way(string Name, params string[] Servers)
{
    private const string Service = "decision.v1.AuthorizeService/";

    /// <summary>The method's path.</summary>
    public string Path { get; init; } = Service + "Authorize";

    /// <summary>The file with the call's messages.</summary>
    public string Messages { get; init; } = LoadMessages.Authorize;

    /// <summary>What h2load is told instead, for HTTP/1.1; null = it is gRPC.</summary>
    public Func<LoadWorld, IReadOnlyList<string>>? HttpArguments { get; init; }

    /// <summary>Decisions in a call.</summary>
    public int Decisions { get; init; } = 1;

    /// <summary>Whether each decision must be ALLOWED, or must not; null = nothing is decided.</summary>
    public bool? IsAllowed { get; init; } = true;

    /// <summary>Whether each call has a connection of its own, as HTTP/1.1 has it.</summary>
    public bool IsApart { get; init; }

    /// <summary>Which keys are asked for, by the driver of our own; null = the one of <see cref="Messages"/>, by h2load.</summary>
    public KeyChoice? Keys { get; init; }

    /// <summary>Many requests in one call, or on one stream.</summary>
    public Way InBatches(int decisions) =>
        this with { Path = Service + "AuthorizeBatch", Messages = LoadMessages.Batch(decisions), Decisions = decisions };

    /// <inheritdoc cref="InBatches"/>
    public Way OnStream(int decisions) =>
        this with { Path = Service + "AuthorizeStream", Messages = LoadMessages.Stream(decisions), Decisions = decisions };

    /// <summary>Requests that cost more than the rate has.</summary>
    public Way Refused() => this with { Messages = LoadMessages.Refused, IsAllowed = false };
}
