namespace Decision.Runtime.Effects;

/// <summary>What a plan changes for keys.</summary>
/// <param name="Effects">That of most keys first.</param>
/// <param name="KeysUsing">How many keys name a policy that changes.</param>
/// <param name="KeysLookedAt">How many of them were looked at.</param>
/// <param name="KeysChanged">For how many of those anything changes.</param>
/// <param name="HasMoreEffects">Whether there were more different effects than are told.</param>
public sealed record PolicyEffect(
    IReadOnlyList<EffectCount> Effects, long KeysUsing, long KeysLookedAt, long KeysChanged, bool HasMoreEffects)
{
    /// <summary>Whether only a part of the keys was looked at.</summary>
    public bool IsPartial => KeysLookedAt < KeysUsing;
}
