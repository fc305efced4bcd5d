using Decision.Engine.Charges;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>The rate in force on one endpoint.</summary>
public sealed record MergedEndpoint(string Path, string Method, RateSettings Rate, Origin Origin);
