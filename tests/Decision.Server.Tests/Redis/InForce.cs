using System.Diagnostics;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>Asks replicas until a change shows in their verdicts.</summary>
internal static class InForce
{
    /// <summary>Ten times what a lost push may cost.</summary>
    public static readonly TimeSpan BoundWithoutPush = TimeSpan.FromSeconds(10);

    /// <summary>Ten times what a push may take.</summary>
    public static readonly TimeSpan BoundOfPush = TimeSpan.FromSeconds(1);

    /// <summary>Asks each replica, spending nothing, until its verdict shows the change; fails after the bound.</summary>
    public static Task OnAsync(IEnumerable<Replica> replicas, AuthorizeRequest request, Func<AuthorizeResponse, bool> shows, TimeSpan bound)
    {
        var peek = request.Clone();
        peek.Peek = true;
        return Task.WhenAll(replicas.Select(replica => OnAsync(replica, peek, shows, bound)));
    }

    private static async Task OnAsync(Replica replica, AuthorizeRequest request, Func<AuthorizeResponse, bool> shows, TimeSpan bound)
    {
        long startedAt = Stopwatch.GetTimestamp();
        AuthorizeResponse verdict;
        TimeSpan askedAfter;
        do
        {
            askedAfter = Stopwatch.GetElapsedTime(startedAt);
            verdict = await replica.AskAsync(request);
        }
        while (!shows(verdict) && askedAfter < bound);

        Assert.True(shows(verdict), $"Not in force after {askedAfter.TotalMilliseconds:0} ms: {verdict}");
    }
}
