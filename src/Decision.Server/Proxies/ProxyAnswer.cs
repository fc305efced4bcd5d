using Decision.Contracts.V1;
using Decision.Server.Proxies.Credentials;

namespace Decision.Server.Proxies;

/// <summary>What a proxy is told: a verdict, or why the request could not be read.</summary>
internal readonly struct ProxyAnswer
{
    /// <summary>The verdict; null = <see cref="Problem"/> says why there is none, and the request must not pass.</summary>
    public AuthorizeResponse? Verdict { get; private init; }

    /// <summary>Why the request could not be read; null = it could.</summary>
    public string? Problem { get; private init; }

    /// <summary>Where the key was found.</summary>
    public FoundKey Key { get; private init; }

    public static ProxyAnswer Of(AuthorizeResponse verdict, in FoundKey key) => new() { Verdict = verdict, Key = key };

    public static ProxyAnswer Malformed(string problem) => new() { Problem = problem };
}
