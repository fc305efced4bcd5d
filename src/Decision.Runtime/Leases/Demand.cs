namespace Decision.Runtime.Leases;

/// <summary>Units that were asked for in about the last lease's life: those since a mark, and of the life before it what is not past.</summary>
internal struct Demand
{
    private long _before;
    private long _since;
    private long _markedAt;

    /// <summary>Notes units.</summary>
    /// <param name="units">How many.</param>
    /// <param name="now">The monotonic timestamp.</param>
    /// <param name="life">A lease's life, in timestamps.</param>
    public void Add(long units, long now, long life)
    {
        Move(now, life);
        _since += units;
    }

    /// <summary>What was asked for.</summary>
    public double Units(long now, long life)
    {
        Move(now, life);
        return _since + (_before * (1 - Math.Clamp((now - _markedAt) / (double)life, 0, 1)));
    }

    private void Move(long now, long life)
    {
        if (now - _markedAt >= life)
        {
            _before = now - _markedAt < 2 * life ? _since : 0;
            _since = 0;
            _markedAt = now;
        }
    }
}
