namespace Decision.Client.AspNetCore;

/// <summary>Which requests the service is asked about.</summary>
public enum DecisionScope
{
    /// <summary>Every request, also one that no endpoint takes, but for endpoints with <c>SkipDecision()</c>.</summary>
    AllRequests = 0,

    /// <summary>Only requests for endpoints with <c>RequireDecision()</c>. Everything else passes unasked.</summary>
    MarkedEndpoints = 1,
}
