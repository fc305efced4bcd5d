using System.Globalization;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Policies;

/// <summary>Writes policies as both of Tyk's APIs do, and tells of what is probably not meant.</summary>
internal sealed class PolicyWriter(PolicyAdministration policies, TimeProvider time, ILogger<PolicyWriter> log)
{
    private const int Attempts = 3;

    /// <summary>Adds a policy; an empty id is made.</summary>
    public async Task<PolicyWrite> CreateAsync(SentPolicy sent, CancellationToken cancellation) =>
        Told(sent, await policies.CreateAsync(Stamped(sent.Policy), cancellation));

    /// <summary>Changes a policy as a whole.</summary>
    public async Task<PolicyWrite> UpdateAsync(SentPolicy sent, CancellationToken cancellation) =>
        Told(sent, await policies.UpdateAsync(sent.Policy.Id, _ => Stamped(sent.Policy), "", cancellation));

    /// <summary>Changes a policy as a whole, or adds it.</summary>
    public async Task<PolicyWrite> PutAsync(SentPolicy sent, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await UpdateAsync(sent, cancellation);
            }
            catch (AdministrationException missing) when (missing.Error == AdministrationError.NotFound)
            {
            }

            try
            {
                return await CreateAsync(sent, cancellation);
            }
            catch (AdministrationException taken) when (taken.Error == AdministrationError.AlreadyExists && attempt < Attempts)
            {
                // Between the look and the write another call made it.
            }
        }
    }

    /// <summary>
    /// Removes a policy, also while keys use it, as Tyk does: those keys are refused or lose what it gave, never more, and a rollback brings it
    /// back.
    /// </summary>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        long keys = await policies.DeleteAsync(id, "", isForced: true, cancellation);
        if (keys > 0)
        {
            TykApiLog.UsedPolicyDeleted(log, id, keys);
        }
    }

    private PolicyWrite Told(SentPolicy sent, Written<Policy> written)
    {
        string[] warnings = Sentences.Warnings([.. sent.Findings, .. written.Warnings]);
        foreach (string warning in warnings)
        {
            TykApiLog.PolicyWarned(log, written.Stored.Value.Id, warning);
        }

        return new PolicyWrite(written.Stored.Value.Id, warnings);
    }

    private Policy Stamped(Policy policy) => policy with
    {
        LastUpdated = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };
}
