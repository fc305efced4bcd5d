using System.Globalization;
using Decision.Engine.Effects;

namespace Decision.Runtime.Effects;

/// <summary>An effect as a sentence, such as <c>37 keys lose API orders</c>.</summary>
public static class EffectSentence
{
    /// <summary>The sentence.</summary>
    public static string Of(EffectCount count)
    {
        var effect = count.Effect;
        bool isOne = count.Keys == 1;
        string keys = string.Create(CultureInfo.InvariantCulture, $"{count.Keys} {(isOne ? "key" : "keys")}");
        string change = $"{effect.Before} -> {effect.After}";
        string on = effect.ApiId.Length == 0 ? "" : " on " + ApiOf(effect.ApiId);
        return effect.Kind switch
        {
            EffectKind.KeyState when effect.After == KeyEffect.Usable => $"{keys} can be used again, and {(isOne ? "was" : "were")} {effect.Before}",
            EffectKind.KeyState => $"{keys} can no longer be used: {effect.After}",
            EffectKind.ApiLost => $"{keys} {(isOne ? "loses" : "lose")} {ApiOf(effect.ApiId)}",
            EffectKind.ApiGained => $"{keys} {(isOne ? "gains" : "gain")} {ApiOf(effect.ApiId)}",
            EffectKind.Rate => $"{keys}: rate{on} {change}",
            EffectKind.Quota => $"{keys}: quota{on} {change}",
            EffectKind.QuotaCounter => $"{keys}: quota{on} is counted anew, {change}",
            EffectKind.SharedCounters => $"{keys}: counters {change}, counted anew",
            EffectKind.QueryDepth => $"{keys}: query depth{on} {change}",
            EffectKind.Versions => $"{keys}: versions{on} {change}",
            EffectKind.Paths => $"{keys}: paths{on} {change}",
            EffectKind.EndpointRates => $"{keys}: endpoint rates{on} {change}",
            EffectKind.Addresses => $"{keys}: addresses{on} {change}",
            EffectKind.LimitBehavior => $"{keys}: limits{on} are kept otherwise, {change}",
            EffectKind.GraphqlRules => $"{keys}: GraphQL rules{on} change",
            EffectKind.Signature => $"{keys}: signature {change}",
            EffectKind.Expiry => $"{keys}: {(isOne ? "expires" : "expire")} {change}",
            EffectKind.Tags => $"{keys}: tags{Signed(" -", effect.Before)}{Signed(" +", effect.After)}",
            EffectKind.Metadata => $"{keys}: metadata {effect.After}",
            _ => $"{keys}: {effect.Kind}{on} {change}",
        };
    }

    private static string Signed(string sign, string text) => text.Length == 0 ? "" : sign + text.Replace(", ", sign, StringComparison.Ordinal);

    private static string ApiOf(string apiId) => apiId switch
    {
        KeyEffect.AllApis => "all APIs",
        KeyEffect.OtherApis => "every other API",
        _ => "API " + apiId,
    };
}
