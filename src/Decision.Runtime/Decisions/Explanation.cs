using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Steps;
using Decision.Runtime.Credentials;

namespace Decision.Runtime.Decisions;

/// <summary>A verdict with what every step found. The verdict carries the counters also where an earlier step denies.</summary>
public sealed record Explanation(Verdict Verdict, ImmutableArray<StepFinding> Findings)
{
    /// <summary>An explanation tells what a key may do: only to whoever may see that key.</summary>
    /// <exception cref="Administration.AdministrationException">Whoever acts may not see it.</exception>
    public void RequireScope()
    {
        if (Verdict.Reason is not (Reason.KeyMissing or Reason.KeyUnknown))
        {
            Actor.Current.Require(Verdict.Grant?.OrganizationId ?? "", "key");
        }
    }
}
