using Decision.Engine;

namespace Decision.Console.Live;

/// <summary>What was decided in one second.</summary>
/// <param name="At">Its end.</param>
/// <param name="Allowed">Requests let through, for each second.</param>
/// <param name="Refused">Requests refused, for each second.</param>
/// <param name="ByReason">Of those, by reason.</param>
/// <param name="P99">Of the last ten seconds: the time within which 99 % were decided; null = none was.</param>
public sealed record DecisionSample(
    DateTimeOffset At, double Allowed, double Refused, IReadOnlyDictionary<Reason, double> ByReason, TimeSpan? P99);
