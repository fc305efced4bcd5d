using Decision.Engine.Settings;

namespace Decision.Engine.Policies;

/// <summary>The rate of one method on an endpoint.</summary>
public sealed record EndpointMethod(string Name, RateSettings Rate);
