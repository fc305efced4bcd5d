using Decision.Cli.Sources;

namespace Decision.Cli.PolicyTests;

/// <summary>One file of policy tests.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Name">For people; the file's name where it has none.</param>
/// <param name="Cases">The cases in their order.</param>
internal sealed record PolicyTestSuite(string File, string Name, IReadOnlyList<PolicyTestCase> Cases);

/// <summary>One case: a world, and requests that are decided in it one after the other.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="StartUs">When it starts, in microseconds since the Unix epoch.</param>
/// <param name="World">Policies, APIs, organisations and keys at the start.</param>
/// <param name="QuotaExceededStatus">The status of a used-up quota.</param>
/// <param name="Steps">Requests, and edits between them.</param>
internal sealed record PolicyTestCase(
    string Name, int Line, long StartUs, TestWorld World, int QuotaExceededStatus, IReadOnlyList<PolicyTestStep> Steps);

/// <summary>A request with what is expected of it, or an edit.</summary>
internal sealed record PolicyTestStep
{
    /// <summary>Where it stands.</summary>
    public required int Line { get; init; }

    /// <summary>The moment, in microseconds since the Unix epoch.</summary>
    public required long AtUs { get; init; }

    /// <summary>For people.</summary>
    public string Note { get; init; } = "";

    /// <summary>The world from here on; null = as it was.</summary>
    public TestWorld? Edited { get; init; }

    /// <summary>The request; null = this is an edit.</summary>
    public TestRequest? Request { get; init; }

    /// <summary>What is expected of each turn; numbers are those of the last one.</summary>
    public ExpectedVerdict Expect { get; init; } = new();

    /// <summary>How often the request is made.</summary>
    public int Repeat { get; init; } = 1;
}

/// <summary>A request, as a proxy would ask.</summary>
/// <param name="Key">The name of a key of the case; null = the request carries none.</param>
/// <param name="IsUnknown">True = it carries a text that no key has.</param>
/// <param name="Access">What is asked.</param>
internal sealed record TestRequest(string? Key, bool IsUnknown, Decision.Engine.AccessRequest Access);

/// <summary>What is stated of a verdict. Null = not compared.</summary>
internal sealed record ExpectedVerdict
{
    public bool? Allowed { get; init; }

    public string? Reason { get; init; }

    public long? Status { get; init; }

    public string? Message { get; init; }

    public string? Origin { get; init; }

    public string? Api { get; init; }

    /// <summary>A duration as <see cref="Moments.Format"/> writes it; <c>none</c> = no advice.</summary>
    public string? RetryAfter { get; init; }

    public bool? Degraded { get; init; }

    /// <summary>A reason; <c>none</c> = nothing would have been refused.</summary>
    public string? ShadowedReason { get; init; }

    public IReadOnlyList<string>? Policies { get; init; }

    public IReadOnlyList<string>? MissingPolicies { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public SourceNode? Metadata { get; init; }

    public string? RemainingRate { get; init; }

    public string? RemainingQuota { get; init; }

    public IReadOnlyList<ExpectedLimit> Limits { get; init; } = [];
}

/// <summary>What is stated of one limit, which is found by its name, scope and origin.</summary>
internal sealed record ExpectedLimit
{
    public required string Name { get; init; }

    public string? Scope { get; init; }

    public string? Origin { get; init; }

    public long? Limit { get; init; }

    public long? Used { get; init; }

    public long? Remaining { get; init; }

    public string? ResetAfter { get; init; }

    public bool? Denied { get; init; }
}
