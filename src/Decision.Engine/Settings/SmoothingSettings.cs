namespace Decision.Engine.Settings;

/// <summary>Tyk's smoothing of a rate: kept and given back, without effect here (difference D21).</summary>
public sealed record SmoothingSettings(bool Enabled, long Threshold, double Trigger, long Step, long Delay);
