namespace Decision.TestKit;

/// <summary>What code allocates once it runs as it always will.</summary>
public static class Allocations
{
    public const int Operations = 10_000;
    private const int Rounds = 100;

    /// <summary>Bytes that the calling thread allocates in <see cref="Operations"/> operations in the steady state: the least of many rounds.</summary>
    /// <remarks>
    /// The first rounds fill what grows with use, and run code that is not optimised yet, which allocates where optimised code does not;
    /// when that ends is the just-in-time compiler's decision, so rounds follow until one is free. The runtime also allocates for itself on
    /// the thread that happens to run, a few hundred bytes in one of some hundred runs. What allocates at each operation, or even at each
    /// hundredth, never has such a round.
    /// </remarks>
    public static long SteadyStateOf(Action operation) => LeastOf(operation, Operations);

    /// <summary>Likewise of one operation that allocates something.</summary>
    public static long BytesOf(Action operation) => LeastOf(operation, operations: 20) / 20;

    private static long LeastOf(Action operation, int operations)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < operations; i++)
            {
                operation();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
