using System.Collections.Frozen;

namespace Decision.Engine.Json;

/// <summary>The field names of one kind of JSON object: what is read, what is kept as it came, what is dropped.</summary>
internal sealed class FieldNames
{
    private readonly FrozenDictionary<string, Field> _exact;
    private readonly FrozenDictionary<string, Field> _anyCase;
    private readonly string[] _suggestions;

    /// <summary>
    /// Each entry of <paramref name="read"/> is a name, or the name that is written and further accepted spellings, parted by <c>|</c>.
    /// </summary>
    public FieldNames(IEnumerable<string> read, IEnumerable<string>? kept = null, IEnumerable<string>? dropped = null)
    {
        var exact = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (var spellings in read)
        {
            var names = spellings.Split('|');
            foreach (var name in names)
            {
                exact.Add(name, new Field(names[0], FieldUse.Read, Count));
            }

            Count++;
        }

        foreach (var name in kept ?? [])
        {
            exact.Add(name, new Field(name, FieldUse.Kept, -1));
        }

        foreach (var name in dropped ?? [])
        {
            exact.Add(name, new Field(name, FieldUse.Dropped, -1));
        }

        _exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        _anyCase = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _suggestions = [.. exact.Where(entry => entry.Value.Use == FieldUse.Read).Select(entry => entry.Value.Name).Distinct()];
    }

    /// <summary>How many different fields are read.</summary>
    public int Count { get; }

    /// <summary>The field of that name: exactly, else in any case, as Go reads it; null when there is none.</summary>
    public Field? Find(string name) =>
        _exact.TryGetValue(name, out var field) || _anyCase.TryGetValue(name, out field) ? field : null;

    /// <summary>The place of a field that is read.</summary>
    public int Slot(string name) => _exact[name].Slot;

    /// <summary>The name that was probably meant; null when there is none.</summary>
    public string? Suggest(string name) => EditDistance.Nearest(name, _suggestions);

    internal sealed record Field(string Name, FieldUse Use, int Slot);
}
