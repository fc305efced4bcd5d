using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Engine.Paths;
using Decision.Engine.Settings;

namespace Decision.Server.Configuration;

/// <summary>Reads by which rules requests are decided.</summary>
internal static class EngineSettingsReader
{
    public static EngineOptions Read(SettingsReader reader)
    {
        (string, StoreFailureMode)[] modes = [("deny", StoreFailureMode.Deny), ("allow", StoreFailureMode.Allow), ("local", StoreFailureMode.Local)];
        var onFailure = reader.Word("Limits:OnStoreFailure", StoreFailureMode.Deny, modes);
        return new EngineOptions
        {
            Grants = new GrantOptions
            {
                UrlMatching = reader.Word("Access:UrlMatching", UrlMatching.Segments, ("segments", UrlMatching.Segments), ("tyk", UrlMatching.Tyk)),
                AllowMasterKeys = reader.Flag("Keys:AllowMasterKeys", false),
                OnStoreFailureRate = reader.Word("Limits:OnStoreFailure:Rate", onFailure, modes),
                OnStoreFailureQuota = reader.Word("Limits:OnStoreFailure:Quota", onFailure, modes),
                Mode = reader.Word("Limits:Mode", LimitsMode.Exact, ("exact", LimitsMode.Exact), ("leased", LimitsMode.Leased)),
                Enforcement = reader.Word(
                    "Limits:Enforcement", Enforcement.Enforce, ("enforce", Enforcement.Enforce), ("shadow", Enforcement.Shadow)),
            },
            PathNormalization = reader.Word(
                "Access:PathNormalization", PathNormalization.Refuse, ("refuse", PathNormalization.Refuse), ("resolve", PathNormalization.Resolve)),
            SignatureClockSkewUs = reader.Duration("Signatures:ClockSkew", TimeSpan.FromSeconds(300), TimeSpan.FromDays(1)).Ticks / TimeSpan.TicksPerMicrosecond,
        };
    }
}
