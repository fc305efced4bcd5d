using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Observation.Usage;

namespace Decision.Runtime.Observation;

/// <summary>What a credential for some organisations sees of what happens: what is of their keys, policies and APIs.</summary>
public sealed class ActivityScope(KeyAdministration keys, PolicyAdministration policies, ApiAdministration apis)
{
    /// <summary>Whose refusals are told; null = those of all organisations.</summary>
    /// <param name="wanted">The organisation that the caller names; null = none.</param>
    /// <exception cref="AdministrationException">The credential is not for it.</exception>
    public static string? OrganizationOf(string? wanted)
    {
        var actor = Actor.Current;
        if (wanted is not null)
        {
            actor.Require(wanted, $"refusals of \"{wanted}\"");
            return wanted;
        }

        return !actor.IsScoped ? null
            : actor.Organizations is [var only] ? only
            : throw new AdministrationException(
                "organization_id", $"is absent, and the credential {actor.Name} is for several organisations: name one of {string.Join(", ", actor.Organizations)}.");
    }

    /// <summary>Refuses the use of what is not of the credential's organisations.</summary>
    /// <exception cref="AdministrationException">The credential is not for it, or there is no such thing by which that could be told.</exception>
    public async ValueTask RequireAsync(UsageKind kind, string id, CancellationToken cancellation)
    {
        if (!Actor.Current.IsScoped)
        {
            return;
        }

        if (id == UsageHours.Others)
        {
            Actor.Current.RequireAll("What is counted together belongs to all organisations");
        }

        _ = kind switch
        {
            UsageKind.Key => (object)await keys.GetAsync(id, cancellation).ConfigureAwait(false),
            UsageKind.Policy => await policies.GetAsync(id, cancellation).ConfigureAwait(false),
            _ => await apis.GetAsync(id, cancellation).ConfigureAwait(false),
        };
    }
}
