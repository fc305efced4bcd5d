namespace Decision.Storage.Embedded.Tests.Budgets;

/// <summary>A clock that goes on by a fixed step each time it is read, so that windows slide without waiting.</summary>
internal sealed class SteppingTime(TimeSpan step) : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref _ticks, step.Ticks), TimeSpan.Zero);
}
