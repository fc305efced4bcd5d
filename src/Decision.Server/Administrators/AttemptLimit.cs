namespace Decision.Server.Administrators;

/// <summary>
/// How often something may happen for each of many names: a number at once, and then one after each pause. Names whose attempts have all come
/// back are forgotten, and of too many one gives way, so that it never holds more than <see cref="MostNames"/>.
/// </summary>
/// <param name="attempts">How many at once.</param>
/// <param name="pause">After which one comes back.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptLimit(int attempts, TimeSpan pause, TimeProvider time)
{
    public const int MostNames = 10_000;

    private readonly Lock _lock = new();

    // By the moment at which all attempts will have come back.
    private readonly Dictionary<string, DateTimeOffset> _full = new(StringComparer.Ordinal);

    /// <summary>How many names are held.</summary>
    public int Names
    {
        get
        {
            lock (_lock)
            {
                return _full.Count;
            }
        }
    }

    /// <summary>How long until the name has an attempt; zero = it has one.</summary>
    public TimeSpan WaitOf(string name)
    {
        lock (_lock)
        {
            return WaitOf(name, time.GetUtcNow());
        }
    }

    /// <summary>Takes an attempt, if there is one.</summary>
    public bool TryTake(string name)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (WaitOf(name, now) > TimeSpan.Zero)
            {
                return false;
            }

            if (!_full.ContainsKey(name) && _full.Count >= MostNames)
            {
                MakeRoom(now);
            }

            var full = _full.GetValueOrDefault(name);
            _full[name] = (full > now ? full : now) + pause;
            return true;
        }
    }

    private TimeSpan WaitOf(string name, DateTimeOffset now)
    {
        var wait = _full.GetValueOrDefault(name) - now - (pause * (attempts - 1));
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (string name in _full.Where(one => one.Value <= now).Select(one => one.Key).ToArray())
        {
            _full.Remove(name);
        }

        if (_full.Count >= MostNames)
        {
            _full.Remove(_full.Keys.First());
        }
    }
}
