using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Credentials;

namespace Decision.Server.Administrators;

/// <summary>Runs a call as somebody, if the role allows it; the audit log tells of what role or scope denied.</summary>
internal sealed class AdminPermission(AuditTrail audit, TimeProvider time, ILogger<AdminPermission> log)
{
    /// <summary>Denied calls of one credential that the audit log tells of at once.</summary>
    public const int Denials = 60;

    // Whoever is denied again and again must not fill the log.
    private readonly AttemptLimit _denials = new(Denials, TimeSpan.FromMinutes(1), time);

    /// <summary>Runs the call.</summary>
    /// <param name="actor">Who makes it.</param>
    /// <param name="demand">What it needs.</param>
    /// <param name="objectId">What it is about; empty = not known.</param>
    /// <param name="method">Its name, for the log.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="AdministrationException">It is denied.</exception>
    public async Task<T> RunAsync<T>(Actor actor, AdminDemand demand, string objectId, string method, Func<Task<T>> call)
    {
        Actor.Become(actor);
        try
        {
            return actor.Role >= demand.Role
                ? await call()
                : throw new AdministrationException(
                    AdministrationError.PermissionDenied,
                    $"This call needs the role {demand.Role.ToText()}, and the credential {actor.Name} has {actor.Role.ToText()}.");
        }
        catch (AdministrationException denied) when (denied.Error == AdministrationError.PermissionDenied)
        {
            ServerLog.AdminRefused(log, method, actor.Peer, denied.Message);
            if (_denials.TryTake(actor.Id))
            {
                await audit.TellAsync(new AuditAct(demand.Action, demand.ObjectKind, objectId, ""), AuditOutcome.Denied, denied.Message);
            }

            throw;
        }
    }
}
