using Decision.Engine.Effects;

namespace Decision.Runtime.Effects;

/// <summary>One effect, and how many keys have it.</summary>
/// <param name="Effect">What changes.</param>
/// <param name="Keys">For how many of the keys that were looked at.</param>
/// <param name="SampleKeyIds">Ids of some of them.</param>
public sealed record EffectCount(KeyEffect Effect, long Keys, IReadOnlyList<string> SampleKeyIds);
