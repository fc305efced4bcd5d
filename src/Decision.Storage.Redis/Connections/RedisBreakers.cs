using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// The circuit breaker of a Redis; and of a cluster one for each part of the slots, so that a master that fails is not asked for a while and the others are.
/// </summary>
/// <param name="duration">How long nothing is asked.</param>
/// <param name="opened">Told when one opens, with how long.</param>
/// <param name="closed">Told when one closes.</param>
internal sealed class RedisBreakers(TimeSpan duration, TimeProvider time, Action<TimeSpan> opened, Action closed)
{
    // Slots move; a fixed part of them needs no knowledge of where they are. A master has many of them.
    private const int Parts = 64;
    private const int Slots = 16_384;

    // How an answer begins that says nothing against the master: it does not know a script yet, or a slot is on its way to another one.
    private static readonly string[] Passing = ["NOSCRIPT", "TRYAGAIN"];

    private readonly Breaker _whole = new(duration, time, opened, closed);
    private readonly Breaker?[] _parts = new Breaker?[Parts];
    private readonly Lock _gate = new();

    /// <summary>Of all of Redis.</summary>
    public ResiliencePipeline Whole => _whole.Pipeline;

    /// <summary>The worst state of any.</summary>
    public CircuitState State
    {
        get
        {
            CircuitState[] states = [_whole.State, .. _parts.Select(part => part?.State ?? CircuitState.Closed)];
            return states.Contains(CircuitState.Open) ? CircuitState.Open
                : states.Contains(CircuitState.HalfOpen) ? CircuitState.HalfOpen
                : _whole.State;
        }
    }

    /// <summary>Of the part of a cluster that a slot is in.</summary>
    public ResiliencePipeline OfSlot(int slot)
    {
        int part = slot / (Slots / Parts);
        if (Volatile.Read(ref _parts[part]) is { } known)
        {
            return known.Pipeline;
        }

        lock (_gate)
        {
            return (_parts[part] ??= new Breaker(duration, time, opened, closed)).Pipeline;
        }
    }

    private static bool IsAgainst(Exception? error) =>
        error is not null && RedisFailure.IsFailure(error)
        && !(error is RedisServerException server && Array.Exists(Passing, word => server.Message.StartsWith(word, StringComparison.Ordinal)));

    private sealed class Breaker
    {
        private readonly CircuitBreakerStateProvider _state = new();

        public Breaker(TimeSpan duration, TimeProvider time, Action<TimeSpan> opened, Action closed) =>
            Pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions
                {
                    // Half of the calls of a second, and five at least: a hiccup is waited for, an outage is not.
                    FailureRatio = 0.5,
                    MinimumThroughput = 5,
                    SamplingDuration = TimeSpan.FromSeconds(1),
                    BreakDuration = duration,
                    StateProvider = _state,
                    ShouldHandle = static arguments => ValueTask.FromResult(IsAgainst(arguments.Outcome.Exception)),
                    OnOpened = arguments =>
                    {
                        opened(arguments.BreakDuration);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        closed();
                        return default;
                    },
                })
                .Build();

        public ResiliencePipeline Pipeline { get; }

        public CircuitState State => _state.CircuitState;
    }
}
