using System.Diagnostics;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>The tests' own measure finds what is above a limit.</summary>
public class WindowsTests
{
    [Fact]
    public void Most_counts_what_surely_lies_in_one_window()
    {
        Answer[] answers = [At(0, 10), At(100, 900), At(500, 990), At(1005, 1010), At(1005, 1500), At(3000, 3001, isAllowed: false)];

        Assert.Equal(3, Windows.Most(answers, TimeSpan.FromSeconds(1)));
    }

    private static Answer At(long sentMs, long receivedMs, bool isAllowed = true) => new(
        new AuthorizeRequest(),
        new AuthorizeResponse { Allowed = isAllowed },
        sentMs * Stopwatch.Frequency / 1000,
        receivedMs * Stopwatch.Frequency / 1000);
}
