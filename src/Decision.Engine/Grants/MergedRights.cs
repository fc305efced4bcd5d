using System.Collections.Immutable;

namespace Decision.Engine.Grants;

/// <summary>What policies, and a key where it says something itself, come to on every API.</summary>
internal sealed class MergedRights(ImmutableArray<PolicyEntry> policies, GrantOptions options)
{
    // Two threads may both compile it: one of the two equal tables stays.
    private RightTable? _table;

    /// <summary>No right at all: of a key whose policies cannot be applied.</summary>
    public static MergedRights None { get; } = new([], GrantOptions.Default);

    /// <summary>The policies that were merged, in order.</summary>
    public ImmutableArray<PolicyEntry> Policies { get; } = policies;

    /// <summary>The settings that they were merged with.</summary>
    public GrantOptions Options { get; } = options;

    /// <summary>Rights by API.</summary>
    public ImmutableSortedDictionary<string, MergedRight> Rights { get; init; } = ImmutableSortedDictionary<string, MergedRight>.Empty;

    /// <summary>The right of a master key on every other API; null = none.</summary>
    public MergedRight? AnyApi { get; init; }

    /// <summary>True when nobody names any API.</summary>
    public bool IsMaster { get; init; }

    /// <summary>Limits at the root.</summary>
    public MergedLimits Root { get; init; } = new();

    /// <summary>The same, compiled at its first use.</summary>
    public RightTable Table
    {
        get
        {
            if (_table is null)
            {
                Interlocked.CompareExchange(ref _table, new RightTable(this), null);
            }

            return _table;
        }
    }
}
