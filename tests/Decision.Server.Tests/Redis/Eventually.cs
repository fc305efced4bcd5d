using System.Diagnostics;

namespace Decision.Server.Tests.Redis;

/// <summary>Asks until the answer is the expected one; each question takes its time, so that it is no busy loop.</summary>
internal static class Eventually
{
    // Longer than anything promised, so that a test that waits in vain ends and says for what.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="askAsync">Asks.</param>
    /// <param name="isExpected">Whether that is it.</param>
    /// <param name="describe">What a failure says beside the last answer.</param>
    public static async Task IsAsync<T>(Func<Task<T>> askAsync, Func<T, bool> isExpected, Func<Task<string>>? describe = null)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await askAsync();
            if (isExpected(answer))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(startedAt) > Patience)
            {
                Assert.Fail($"Still {answer}.\n{(describe is null ? "" : await describe())}");
            }

            await Task.Yield();
        }
    }
}
