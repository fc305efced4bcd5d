using System.CommandLine;
using Decision.Cli.Failures;

namespace Decision.Cli.Bench;

/// <summary>How much a run may ask; every number has an upper bound, so that a slip does not become an attack.</summary>
internal sealed class BenchOptions
{
    public const int MaximumConcurrency = 256;
    public const int MaximumSeconds = 300;
    public const long MaximumCount = 5_000_000;
    private const int DefaultSeconds = 5;
    private const int DefaultConcurrency = 16;

    private readonly Option<int> _concurrency = new("--concurrency", "-c")
    {
        Description = $"Calls under way at a time, 1 to {MaximumConcurrency}.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultConcurrency,
    };

    private readonly Option<int?> _seconds = new("--seconds") { Description = $"How long, 1 to {MaximumSeconds}. Default: {DefaultSeconds}, or until --count is reached.", HelpName = "N" };
    private readonly Option<long?> _count = new("--count", "-n") { Description = $"How many calls, 1 to {MaximumCount}.", HelpName = "N" };

    public IReadOnlyList<Symbol> Symbols => [_concurrency, _seconds, _count];

    /// <exception cref="CommandException">A number is out of its bounds.</exception>
    public BenchBounds Read(ParseResult parsed)
    {
        int concurrency = parsed.GetValue(_concurrency);
        int? seconds = parsed.GetValue(_seconds);
        long? count = parsed.GetValue(_count);
        Check(_concurrency.Name, concurrency, MaximumConcurrency);
        Check(_seconds.Name, seconds ?? 1, MaximumSeconds);
        Check(_count.Name, count ?? 1, MaximumCount);
        return new BenchBounds(
            concurrency, TimeSpan.FromSeconds(seconds ?? (count is null ? DefaultSeconds : MaximumSeconds)), count ?? MaximumCount, count is not null && seconds is null);
    }

    private static void Check(string option, long value, long maximum)
    {
        if (value < 1 || value > maximum)
        {
            throw CommandException.WrongUse($"{option} must be 1 to {maximum}.");
        }
    }
}
