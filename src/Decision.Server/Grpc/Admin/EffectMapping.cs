using Decision.Engine.Effects;
using Decision.Runtime.Effects;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>What a change of policies changes for keys, on the wire.</summary>
internal static class EffectMapping
{
    public static V1.PolicyEffect ToMessage(PolicyEffect effect) => new()
    {
        Effects = { effect.Effects.Select(ToMessage) },
        KeysUsing = effect.KeysUsing,
        KeysLookedAt = effect.KeysLookedAt,
        KeysChanged = effect.KeysChanged,
        MoreEffects = effect.HasMoreEffects,
    };

    private static V1.KeyEffect ToMessage(EffectCount count) => new()
    {
        Kind = ToMessage(count.Effect.Kind),
        ApiId = count.Effect.ApiId,
        Before = count.Effect.Before,
        After = count.Effect.After,
        Direction = count.Effect.Direction switch
        {
            EffectDirection.Narrows => V1.KeyEffectDirection.Narrows,
            EffectDirection.Widens => V1.KeyEffectDirection.Widens,
            _ => V1.KeyEffectDirection.Other,
        },
        Keys = count.Keys,
        SampleKeyIds = { count.SampleKeyIds },
        Text = EffectSentence.Of(count),
    };

    private static V1.KeyEffectKind ToMessage(EffectKind kind) => kind switch
    {
        EffectKind.KeyState => V1.KeyEffectKind.KeyState,
        EffectKind.ApiLost => V1.KeyEffectKind.ApiLost,
        EffectKind.ApiGained => V1.KeyEffectKind.ApiGained,
        EffectKind.Rate => V1.KeyEffectKind.Rate,
        EffectKind.Quota => V1.KeyEffectKind.Quota,
        EffectKind.QuotaCounter => V1.KeyEffectKind.QuotaCounter,
        EffectKind.SharedCounters => V1.KeyEffectKind.SharedCounters,
        EffectKind.QueryDepth => V1.KeyEffectKind.QueryDepth,
        EffectKind.Versions => V1.KeyEffectKind.Versions,
        EffectKind.Paths => V1.KeyEffectKind.Paths,
        EffectKind.EndpointRates => V1.KeyEffectKind.EndpointRates,
        EffectKind.Addresses => V1.KeyEffectKind.Addresses,
        EffectKind.LimitBehavior => V1.KeyEffectKind.LimitBehavior,
        EffectKind.GraphqlRules => V1.KeyEffectKind.GraphqlRules,
        EffectKind.Signature => V1.KeyEffectKind.Signature,
        EffectKind.Expiry => V1.KeyEffectKind.Expiry,
        EffectKind.Tags => V1.KeyEffectKind.Tags,
        EffectKind.Metadata => V1.KeyEffectKind.Metadata,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Has no place in the contract."),
    };
}
