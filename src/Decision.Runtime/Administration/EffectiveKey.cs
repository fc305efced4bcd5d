using Decision.Engine.Grants;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>A key with its policies applied, and what its counters hold.</summary>
public sealed record EffectiveKey(KeyRecord Record, Grant Grant, IReadOnlyList<CounterReading> Usage);
