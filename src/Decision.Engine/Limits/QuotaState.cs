namespace Decision.Engine.Limits;

/// <summary>What a quota counter has recorded. The default value has no period running.</summary>
/// <param name="StartUs">Moment of the spend that began the period, in microseconds since the Unix epoch; 0 = no period has begun.</param>
/// <param name="Used">Units spent in that period.</param>
public record struct QuotaState(long StartUs, long Used);
