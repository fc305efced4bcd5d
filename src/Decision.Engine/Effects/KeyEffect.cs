namespace Decision.Engine.Effects;

/// <summary>One thing that a change of policies changes for a key. Keys for which the same changes have equal ones.</summary>
/// <param name="Kind">What.</param>
/// <param name="ApiId">The API; <see cref="AllApis"/> = every API that the key had and keeps, several; empty = for the key as a whole.</param>
/// <param name="Before">In words, such as <c>100/60s</c>.</param>
/// <param name="After">Likewise.</param>
/// <param name="Direction">Whether the key may do more or less.</param>
public sealed record KeyEffect(EffectKind Kind, string ApiId, string Before, string After, EffectDirection Direction)
{
    /// <summary>Stands for every API that the key had and keeps.</summary>
    public const string AllApis = "*";

    /// <summary>Stands for every API that no policy and key names; only a master key may call those.</summary>
    public const string OtherApis = "**";

    /// <summary>How a key is called that may be used.</summary>
    public const string Usable = "usable";
}
