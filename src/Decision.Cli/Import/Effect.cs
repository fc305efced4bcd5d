namespace Decision.Cli.Import;

/// <summary>What a difference does to a policy or key, from bad to harmless.</summary>
internal enum EffectKind : byte
{
    /// <summary>Requests that Tyk refuses are allowed.</summary>
    WidensAccess,

    /// <summary>More requests than at Tyk are allowed.</summary>
    WidensLimit,

    /// <summary>Requests that Tyk allows are refused.</summary>
    Narrows,

    /// <summary>Verdicts are the same; what is shown, stored or told differs.</summary>
    Cosmetic,
}

/// <summary>A difference from Tyk, where it applies.</summary>
/// <param name="Code"><c>D1</c> to <c>D26</c> as in docs/tyk-compatibility.md; or <c>times</c>, <c>lifetime</c>, <c>usage</c>, <c>names</c>, <c>api</c>.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Subject">What it applies to: <c>policy gold</c>, <c>key 1f3a...</c>, <c>API orders</c>; or <c>all</c>.</param>
/// <param name="Text">What happens, as a sentence.</param>
internal sealed record Effect(string Code, EffectKind Kind, string Subject, string Text)
{
    /// <summary>What applies to the service as a whole.</summary>
    public const string Everything = "all";

    /// <summary>Whether it must be accepted by <c>--accept</c>.</summary>
    public bool Widens => Kind is EffectKind.WidensAccess or EffectKind.WidensLimit;

    /// <summary>The kind in words.</summary>
    public static string NameOf(EffectKind kind) => kind switch
    {
        EffectKind.WidensAccess => "widens access",
        EffectKind.WidensLimit => "widens a limit",
        EffectKind.Narrows => "narrows",
        _ => "cosmetic",
    };
}
