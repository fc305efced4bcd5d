using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Decision.Engine.Grants;
using Decision.Engine.Keys;

namespace Decision.Engine.Effects;

/// <summary>
/// Says what becomes of keys where one set of policies takes the place of another, by merging each key with both. Keys that say nothing on access
/// and limits themselves are compared once for each list of policies. Not for two threads at once.
/// </summary>
/// <param name="before">The policies in force.</param>
/// <param name="after">Those that come. Policies that stay are the same entries in both.</param>
/// <param name="options">The server's settings.</param>
/// <param name="nowUs">The moment for which it is said, in microseconds since the Unix epoch.</param>
public sealed class KeyComparison(PolicySet before, PolicySet after, GrantOptions options, long nowUs)
{
    // Lists of policies that are remembered; beyond them, each key is compared on its own.
    private const int MostRemembered = 10_000;

    private readonly Dictionary<(MergedRights Before, MergedRights After), ImmutableArray<KeyEffect>> _remembered = [];

    /// <summary>What changes for the key. Empty = nothing, or it may not be used before and after.</summary>
    public ImmutableArray<KeyEffect> Of(Key key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var old = KeyMerge.Apply(key, before, options, out var oldRights);
        var next = KeyMerge.Apply(key, after, options, out var nextRights);
        string stateBefore = StateOf(old);
        string stateAfter = StateOf(next);
        if (stateBefore != KeyEffect.Usable || stateAfter != KeyEffect.Usable)
        {
            return stateBefore == KeyEffect.Usable ? [new KeyEffect(EffectKind.KeyState, "", stateBefore, stateAfter, EffectDirection.Narrows)]
                : stateAfter == KeyEffect.Usable ? [new KeyEffect(EffectKind.KeyState, "", stateBefore, stateAfter, EffectDirection.Widens)]
                : [];
        }

        var rights = RightsOf(key, oldRights, nextRights);
        var others = OthersOf(old, next);
        return others.Count == 0 ? rights : [.. others, .. rights];
    }

    private ImmutableArray<KeyEffect> RightsOf(Key key, MergedRights old, MergedRights next)
    {
        if (SharedRights.SaysSomething(key))
        {
            return RightComparison.Between(old, next);
        }

        if (!_remembered.TryGetValue((old, next), out var effects))
        {
            effects = RightComparison.Between(old, next);
            if (_remembered.Count < MostRemembered)
            {
                _remembered.Add((old, next), effects);
            }
        }

        return effects;
    }

    private List<KeyEffect> OthersOf(MergedKey old, MergedKey next)
    {
        var effects = new List<KeyEffect>();
        if (old.RequiresSignature != next.RequiresSignature)
        {
            effects.Add(new KeyEffect(
                EffectKind.Signature, "", Needed(old.RequiresSignature), Needed(next.RequiresSignature),
                next.RequiresSignature ? EffectDirection.Narrows : EffectDirection.Widens));
        }

        if (old.Expires != next.Expires)
        {
            bool isEarlier = next.Expires > 0 && (old.Expires <= 0 || next.Expires < old.Expires);
            effects.Add(new KeyEffect(
                EffectKind.Expiry, "", ExpiryOf(old, before), ExpiryOf(next, after),
                isEarlier ? EffectDirection.Narrows : EffectDirection.Widens));
        }

        string[] gone = [.. old.Tags.Except(next.Tags, StringComparer.Ordinal)];
        string[] come = [.. next.Tags.Except(old.Tags, StringComparer.Ordinal)];
        if (gone.Length + come.Length > 0)
        {
            effects.Add(new KeyEffect(EffectKind.Tags, "", string.Join(", ", gone), string.Join(", ", come), EffectDirection.Other));
        }

        AddMetadata(old, next, effects);
        return effects;
    }

    private static void AddMetadata(MergedKey old, MergedKey next, List<KeyEffect> effects)
    {
        if (ReferenceEquals(old.Metadata, next.Metadata))
        {
            return;
        }

        string[] changed =
        [
            .. old.Metadata.Keys.Union(next.Metadata.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(name => !(old.Metadata.TryGetValue(name, out var one) && next.Metadata.TryGetValue(name, out var other) && JsonElement.DeepEquals(one, other))),
        ];
        if (changed.Length == 0)
        {
            return;
        }

        effects.Add(new KeyEffect(EffectKind.Metadata, "", "", string.Join(", ", changed), EffectDirection.Other));
        string patternBefore = LimitPattern.Evaluate(old.Metadata);
        string patternAfter = LimitPattern.Evaluate(next.Metadata);
        if (patternBefore != patternAfter)
        {
            effects.Add(new KeyEffect(
                EffectKind.SharedCounters, "", patternBefore.Length == 0 ? "its own" : "shared", patternAfter.Length == 0 ? "its own"
                : patternBefore.Length == 0 ? "shared" : "shared with others", EffectDirection.Other));
        }
    }

    private string StateOf(MergedKey merged) =>
        merged.Failure != Reason.Allowed ? $"{merged.Failure.ToName()} ({merged.FailureOrigin})"
        : merged.InactiveOrigin.Length > 0 ? $"{Reason.KeyInactive.ToName()} ({merged.InactiveOrigin})"
        : merged.Expires > 0 && merged.Expires * 1_000_000 < nowUs ? $"{Reason.KeyExpired.ToName()} ({merged.ExpiresOrigin})"
        : KeyEffect.Usable;

    private static string Needed(bool isRequired) => isRequired ? "required" : "not required";

    private static string ExpiryOf(MergedKey merged, PolicySet policies) =>
        merged.Expires <= 0 ? "never"
        : merged.ExpiresOrigin == "key" ? "as the key says"
        : string.Create(
            CultureInfo.InvariantCulture, $"{policies.Find(merged.ExpiresOrigin)?.Policy.KeyExpiresIn}s after its creation ({merged.ExpiresOrigin})");
}
