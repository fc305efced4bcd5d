using System.Diagnostics;

namespace Decision.Server.Tests.Redis;

/// <summary>What was admitted within a time, as far as a client can tell for sure.</summary>
internal static class Windows
{
    /// <summary>
    /// The most units that were admitted in any window of the length. An admission happened after it was asked for and before its answer came:
    /// it counts in a window that holds both, so that the number is never too high.
    /// </summary>
    public static long Most(IEnumerable<Answer> answers, TimeSpan length)
    {
        Answer[] admitted = [.. answers.Where(answer => answer.Verdict.Allowed)];
        (long At, long Units)[] sent = [.. admitted.Select(answer => (answer.SentAt, answer.Units)).Order()];
        (long At, long Units)[] received = [.. admitted.Select(answer => (answer.ReceivedAt, answer.Units)).Order()];
        long ticks = (long)(length.TotalSeconds * Stopwatch.Frequency);
        long most = 0;
        long sentBefore = 0;
        long receivedBefore = 0;
        int next = 0;
        foreach ((long start, long units) in sent)
        {
            while (next < received.Length && received[next].At < start + ticks)
            {
                receivedBefore += received[next++].Units;
            }

            most = Math.Max(most, receivedBefore - sentBefore);
            sentBefore += units;
        }

        return most;
    }
}
