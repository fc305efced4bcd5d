namespace Decision.Runtime.Observation.Quotas;

/// <summary>Port: where events about quotas go.</summary>
public interface IQuotaEvents
{
    /// <summary>Takes an event; never waits.</summary>
    void Raise(QuotaEvent raised);
}
