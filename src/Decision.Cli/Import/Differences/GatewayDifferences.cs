namespace Decision.Cli.Import.Differences;

/// <summary>The differences that are behaviour of the service as a whole: they apply to everything, and are told once.</summary>
internal static class GatewayDifferences
{
    /// <summary>All of them. None lets more through than what a policy writes.</summary>
    public static readonly IReadOnlyList<Effect> All =
    [
        Of("D4", EffectKind.Cosmetic, "A refused request counts nowhere: who kept calling was locked out at Tyk, and is let in here as soon as the rate as written has room."),
        Of("D9", EffectKind.Cosmetic, "A used-up quota, and an organisation's limits, answer 429 with the time to wait instead of 403 (Limits:QuotaExceededStatus=403 restores the status)."),
        Of("D10", EffectKind.Cosmetic, "A changed policy counts at the next request, without a reload and without a newer last_updated."),
        Of("D12", EffectKind.Cosmetic, "Keys are stored as HMAC-SHA-256 only: their texts cannot be listed any more."),
        Of("D13", EffectKind.Cosmetic, "A key whose policies fail answers 403 as before, with a reason of its own."),
        Of("D14", EffectKind.Cosmetic, "POST /tyk/keys/add makes a key; at Tyk it makes one named \"add\"."),
        Of("D15", EffectKind.Narrows, "A quota's period begins once: concurrent requests cannot reset it twice."),
        Of("D17", EffectKind.Narrows, "A policy with a mistake is refused with every finding, instead of failing at its first request."),
    ];

    private static Effect Of(string code, EffectKind kind, string text) => new(code, kind, Effect.Everything, text);
}
