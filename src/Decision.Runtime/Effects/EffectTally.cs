using System.Collections.Immutable;
using Decision.Engine.Effects;

namespace Decision.Runtime.Effects;

/// <summary>Counts effects over keys.</summary>
internal sealed class EffectTally
{
    private const int MostEffects = 1_000;
    private const int MostSamples = 5;

    private readonly Dictionary<KeyEffect, Entry> _entries = [];

    /// <summary>Keys for which anything changes.</summary>
    public long Keys { get; private set; }

    /// <summary>Whether there were more different effects than are kept.</summary>
    public bool HasMore { get; private set; }

    public void Add(string keyId, ImmutableArray<KeyEffect> effects)
    {
        Keys += effects.IsEmpty ? 0 : 1;
        foreach (var effect in effects)
        {
            if (!_entries.TryGetValue(effect, out var entry))
            {
                if (_entries.Count == MostEffects)
                {
                    HasMore = true;
                    continue;
                }

                _entries.Add(effect, entry = new Entry());
            }

            entry.Keys++;
            if (entry.Samples.Count < MostSamples)
            {
                entry.Samples.Add(keyId);
            }
        }
    }

    /// <summary>The effects, that of most keys first.</summary>
    public IReadOnlyList<EffectCount> ToCounts() =>
    [
        .. _entries.OrderByDescending(entry => entry.Value.Keys).ThenBy(entry => entry.Key.Kind)
            .ThenBy(entry => entry.Key.ApiId, StringComparer.Ordinal).ThenBy(entry => entry.Key.Before, StringComparer.Ordinal)
            .Select(entry => new EffectCount(entry.Key, entry.Value.Keys, entry.Value.Samples)),
    ];

    private sealed class Entry
    {
        public long Keys { get; set; }

        public List<string> Samples { get; } = [];
    }
}
