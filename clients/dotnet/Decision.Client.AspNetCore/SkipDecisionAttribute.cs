namespace Decision.Client.AspNetCore;

/// <summary>Requests for this endpoint pass unasked: for health checks and the like.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SkipDecisionAttribute : Attribute;
