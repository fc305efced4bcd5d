using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>What a counter holds.</summary>
/// <param name="Charge">The counter and its limit.</param>
/// <param name="Used">Units used in the window or period.</param>
/// <param name="Remaining">Units left.</param>
/// <param name="ResetUs">Microseconds until all of it is available again; 0 = it is, -1 = never.</param>
/// <param name="PeriodStartUs">Start of a quota's running period, microseconds since the Unix epoch; 0 = none runs.</param>
/// <param name="PeriodEndUs">End of it; 0 = none runs, or it never ends.</param>
public sealed record CounterReading(Charge Charge, long Used, long Remaining, long ResetUs, long PeriodStartUs, long PeriodEndUs);
