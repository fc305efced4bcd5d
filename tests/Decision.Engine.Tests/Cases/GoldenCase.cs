using System.Text.Json;

namespace Decision.Engine.Tests.Cases;

/// <summary>One case of tests/cases: a world, what it merges to, and requests with their verdicts. The README there describes every field.</summary>
internal sealed record GoldenCase
{
    public required string Name { get; init; }

    public required string Rule { get; init; }

    public string Note { get; init; } = "";

    public CaseOptions Options { get; init; } = new();

    public Dictionary<string, JsonElement> Policies { get; init; } = [];

    public List<JsonElement> Apis { get; init; } = [];

    public List<JsonElement> Organizations { get; init; } = [];

    public JsonElement? Key { get; init; }

    public Dictionary<string, JsonElement> Keys { get; init; } = [];

    public string Now { get; init; } = "2026-01-01T00:00:00Z";

    public List<ExpectedFinding>? ExpectFindings { get; init; }

    public ExpectedMerge? ExpectMerge { get; init; }

    public List<CaseStep> Requests { get; init; } = [];

    public override string ToString() => Name;
}

/// <summary>The server's settings of a case.</summary>
internal sealed record CaseOptions
{
    public bool AllowMasterKeys { get; init; }

    public string UrlMatching { get; init; } = "segments";

    public string PathNormalization { get; init; } = "refuse";

    public string Enforcement { get; init; } = "enforce";

    public string LimitsMode { get; init; } = "exact";

    public string OnStoreFailure { get; init; } = "deny";

    public int QuotaExceededStatus { get; init; } = 429;

    /// <summary>True = values are not validated: what a store may hold although it would not be accepted today.</summary>
    public bool Unchecked { get; init; }
}

/// <summary>A finding that reading the world makes.</summary>
internal sealed record ExpectedFinding(string Subject, string Field, string Severity = "error");

/// <summary>A request, or an edit between two of them.</summary>
internal sealed record CaseStep
{
    public string Note { get; init; } = "";

    public string At { get; init; } = "";

    public CaseEdit? Edit { get; init; }

    public int Repeat { get; init; } = 1;

    public string Key { get; init; } = "";

    public string Presence { get; init; } = "found";

    public string Api { get; init; } = "";

    public string Host { get; init; } = "";

    public string Method { get; init; } = "GET";

    public string Path { get; init; } = "/";

    public string ApiVersion { get; init; } = "";

    public long Cost { get; init; }

    public int QueryDepth { get; init; }

    public string ClientIp { get; init; } = "";

    public string? OrganizationId { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    public ExpectedVerdict? Expect { get; init; }
}

/// <summary>What changes between two requests; a policy of null is removed.</summary>
internal sealed record CaseEdit
{
    public Dictionary<string, JsonElement> Policies { get; init; } = [];

    public List<JsonElement>? Apis { get; init; }

    public List<JsonElement>? Organizations { get; init; }

    public JsonElement? Key { get; init; }

    public Dictionary<string, JsonElement> Keys { get; init; } = [];
}

/// <summary>The verdict of a request. What is not written is not compared, but a denial must name its reason.</summary>
internal sealed record ExpectedVerdict
{
    public required bool Allowed { get; init; }

    public string? Reason { get; init; }

    public int? Status { get; init; }

    public string? Message { get; init; }

    public string? Origin { get; init; }

    public string? Api { get; init; }

    /// <summary>Seconds such as <c>10s</c>; <c>none</c> = no advice.</summary>
    public string? RetryAfter { get; init; }

    public string? Shadowed { get; init; }

    /// <summary>All limits that were asked, in their order.</summary>
    public List<ExpectedLimit>? Limits { get; init; }
}

/// <summary>What one counter answered.</summary>
internal sealed record ExpectedLimit
{
    public required string Name { get; init; }

    public string? Scope { get; init; }

    public string? Origin { get; init; }

    public long? Limit { get; init; }

    public long? Used { get; init; }

    public long? Remaining { get; init; }

    public string? Reset { get; init; }

    public bool? Refused { get; init; }
}
