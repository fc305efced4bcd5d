using Decision.Contracts.V1;
using Decision.Server.Proxies.Credentials;

namespace Decision.Server.Proxies;

/// <summary>What a proxy is told: a verdict, or why the request could not be read.</summary>
internal readonly struct ProxyAnswer
{
    /// <summary>The verdict; null = <see cref="Problem"/> says why there is none, and the request must not pass.</summary>
    public AuthorizeResponse? Verdict { get; private init; }

    /// <summary>Why there is no verdict: the request could not be read, or may not be asked about; null = there is one.</summary>
    public string? Problem { get; private init; }

    /// <summary>Whether the proxy may not ask about this; false = the request could not be read.</summary>
    public bool IsForbidden { get; private init; }

    /// <summary>Where the key was found.</summary>
    public FoundKey Key { get; private init; }

    public static ProxyAnswer Of(AuthorizeResponse verdict, in FoundKey key) => new() { Verdict = verdict, Key = key };

    public static ProxyAnswer Malformed(string problem) => new() { Problem = problem };

    public static ProxyAnswer Forbidden(string problem) => new() { Problem = problem, IsForbidden = true };
}
