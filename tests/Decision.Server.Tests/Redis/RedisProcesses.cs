namespace Decision.Server.Tests.Redis;

/// <summary>Tests that start several processes, keep them busy and measure promised deadlines: one after the other, with nothing beside them.</summary>
[CollectionDefinition(nameof(RedisProcesses), DisableParallelization = true)]
public sealed class RedisProcesses
{
    /// <summary>Trait of tests that need more than the normal run gives them; see eng/test.sh.</summary>
    public const string Run = "Run";

    /// <summary>Value of <see cref="Run"/>: one more case of what another one tries in every run; part of eng/test.sh --full.</summary>
    public const string Full = "full";

    /// <summary>Value of <see cref="Run"/>: needs a second version of the server; eng/rolling-upgrade.sh makes it.</summary>
    public const string Upgrade = "upgrade";

    /// <summary>Value of <see cref="Run"/>: measures for docs/redis-promises.md; eng/measure-durability.sh prints the result.</summary>
    public const string Measure = "measure";
}
