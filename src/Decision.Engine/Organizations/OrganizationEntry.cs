using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Settings;

namespace Decision.Engine.Organizations;

/// <summary>An organisation, compiled.</summary>
public sealed class OrganizationEntry
{
    /// <summary>Compiles an organisation.</summary>
    public OrganizationEntry(Organization organization, long revision, GrantOptions options)
    {
        ArgumentNullException.ThrowIfNull(organization);
        ArgumentNullException.ThrowIfNull(options);
        Organization = organization;
        Revision = revision;
        var subject = new Subject(SubjectKind.Organization, organization.Id);
        if (LimitCompiler.Rate(organization.Rate) is { } rate)
        {
            Rate = new Charge(
                new CounterKey(subject, "rate"), rate, Reason.OrganizationRateLimited, "organization", new Origin(OriginKind.Organization, "", "rate"))
            {
                OnStoreFailure = options.OnStoreFailureRate,
                Mode = options.Mode,
                IsShadow = options.Enforcement == Enforcement.Shadow,
            };
        }

        if (LimitCompiler.Quota(organization.Quota) is { } quota)
        {
            Quota = new Charge(
                new CounterKey(subject, "quota"), quota, Reason.OrganizationQuotaExceeded, "organization", new Origin(OriginKind.Organization, "", "quota_max"))
            {
                OnStoreFailure = options.OnStoreFailureQuota,
                Mode = options.Mode,
                IsShadow = options.Enforcement == Enforcement.Shadow,
            };
        }
    }

    /// <summary>The organisation as written.</summary>
    public Organization Organization { get; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; }

    /// <summary>The rate over all keys; null = none.</summary>
    public Charge? Rate { get; }

    /// <summary>The quota over all keys; null = none.</summary>
    public Charge? Quota { get; }
}
