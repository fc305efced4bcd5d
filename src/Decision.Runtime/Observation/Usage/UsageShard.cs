using System.Collections.Immutable;
using Decision.Engine.Grants;

namespace Decision.Runtime.Observation.Usage;

/// <summary>What one processor counted since it was last taken. Not for two threads at once without its lock.</summary>
internal sealed class UsageShard(int most)
{
    private Dictionary<Place, Cell> _cells = [];
    private Dictionary<Place, Cell> _spare = [];

    // Of keys whose policies changed meanwhile: what came before counts for those that they had.
    private List<(Place Place, Cell Cell)> _former = [];

    public Lock Gate { get; } = new();

    /// <summary>Counts one decision.</summary>
    /// <returns>False = there was no room.</returns>
    public bool Count(Grant? grant, string apiId, bool isAllowed)
    {
        var place = new Place(grant?.KeyId ?? "", apiId);
        if (!_cells.TryGetValue(place, out var cell))
        {
            if (_cells.Count + _former.Count >= most)
            {
                return false;
            }

            cell = new Cell(grant);
            _cells.Add(place, cell);
        }
        else if (!ReferenceEquals(cell.Grant, grant) && !cell.HasPoliciesOf(grant))
        {
            _former.Add((place, cell));
            cell = new Cell(grant);
            _cells[place] = cell;
        }

        if (isAllowed)
        {
            cell.Allowed++;
        }
        else
        {
            cell.Refused++;
        }

        return true;
    }

    /// <summary>Takes what was counted; the shard begins anew.</summary>
    public void Take(Action<Place, Cell> each)
    {
        Dictionary<Place, Cell> cells;
        List<(Place Place, Cell Cell)> former;
        lock (Gate)
        {
            if (_cells.Count == 0)
            {
                return;
            }

            (cells, _cells) = (_cells, _spare);
            (former, _former) = (_former, []);
        }

        foreach (var (place, cell) in cells)
        {
            each(place, cell);
        }

        foreach (var (place, cell) in former)
        {
            each(place, cell);
        }

        cells.Clear();
        _spare = cells;
    }

    /// <summary>Whose use on what.</summary>
    internal readonly record struct Place(string KeyId, string ApiId);

    /// <summary>How much it is.</summary>
    internal sealed class Cell(Grant? grant)
    {
        public Grant? Grant { get; } = grant;

        public ImmutableArray<PolicyEntry> Policies => Grant?.Policies ?? [];

        public long Allowed;
        public long Refused;

        public bool HasPoliciesOf(Grant? other) => Policies.SequenceEqual(other?.Policies ?? [], static (one, another) => one.Policy.Id == another.Policy.Id);
    }
}
