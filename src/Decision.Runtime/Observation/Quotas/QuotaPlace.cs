using Decision.Engine.Charges;

namespace Decision.Runtime.Observation.Quotas;

/// <summary>A threshold of a counter.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="Threshold">Percent of the quota.</param>
internal readonly record struct QuotaPlace(CounterKey Counter, double Threshold);
