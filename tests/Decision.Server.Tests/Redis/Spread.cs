using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>Spreads requests over replicas: evenly, or with nine of ten to the first.</summary>
internal sealed class Spread(IReadOnlyList<Replica> replicas, bool isSkewed)
{
    private int _sent;

    public Task<AuthorizeResponse> AskAsync(int lane, AuthorizeRequest request)
    {
        int number = Interlocked.Increment(ref _sent);
        int index = !isSkewed ? number % replicas.Count : number % 10 != 0 ? 0 : 1 + (number / 10 % (replicas.Count - 1));
        return replicas[index].AskAsync(request);
    }
}
