using Decision.Engine.Json;
using Decision.Engine.Organizations;
using Decision.Runtime.Administration;
using Google.Protobuf.WellKnownTypes;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Organisations on the wire and in the engine.</summary>
internal static class OrganizationMapping
{
    private const string Expiry = "key_default_expiry";

    // Inside, 0 is "as the server is set"; on the wire that is absence, and 0 seconds means that keys never expire.
    private const long Never = -1;

    /// <summary>The organisation as sent; <c>etag</c> and <c>revision</c> are answers and not read.</summary>
    public static Organization ToModel(V1.Organization message, FieldFindings findings) => new()
    {
        Id = message.OrganizationId,
        Name = message.Name,
        Rate = SettingsMapping.ToRate(message.Rate, message.Per, message.RateAlgorithm, message.Burst, "", findings),
        Quota = SettingsMapping.ToQuota(
            message.QuotaMax, message.QuotaRenewalRate, message.QuotaPeriod, message.QuotaTimeZone, "", findings),
        IsInactive = message.IsInactive,
        KeyDefaultExpiry = ToSeconds(message.KeyDefaultExpiry, findings),
        Metadata = StructMapping.ToMembers(message.MetaData, "meta_data", findings),
        ExtraFields = ExtraFieldsMapping.OfOrganization(message.ExtraFields, findings),
    };

    /// <summary>The organisation with what is known of how it is stored.</summary>
    public static V1.Organization ToMessage(Stored<Organization> stored)
    {
        var message = ToMessage(stored.Value);
        message.Etag = stored.Etag;
        message.Revision = stored.Revision;
        return message;
    }

    public static V1.Organization ToMessage(Organization organization) => new()
    {
        OrganizationId = organization.Id,
        Name = organization.Name,
        Rate = organization.Rate.Rate,
        Per = organization.Rate.Per,
        RateAlgorithm = SettingNames.RateAlgorithm.Format(organization.Rate.Algorithm),
        Burst = organization.Rate.Burst,
        QuotaMax = organization.Quota.Max,
        QuotaRenewalRate = organization.Quota.RenewalRate,
        QuotaPeriod = SettingNames.QuotaPeriod.Format(organization.Quota.Period),
        QuotaTimeZone = organization.Quota.TimeZone,
        IsInactive = organization.IsInactive,
        KeyDefaultExpiry = organization.KeyDefaultExpiry switch
        {
            0 => null,
            < 0 => new Duration(),
            var seconds => new Duration { Seconds = seconds },
        },
        MetaData = StructMapping.ToStruct(organization.Metadata),
        ExtraFields = StructMapping.ToStruct(organization.ExtraFields),
    };

    private static long ToSeconds(Duration? expiry, FieldFindings findings)
    {
        if (expiry is null)
        {
            return 0;
        }

        if (expiry.Nanos != 0)
        {
            findings.Error(Expiry, "is not a whole number of seconds: write one.");
            return 0;
        }

        if (expiry.Seconds < 0)
        {
            findings.Error(Expiry, $"{expiry.Seconds} seconds is negative: write 0 for never, or leave it out for the server's default.");
            return 0;
        }

        return expiry.Seconds == 0 ? Never : expiry.Seconds;
    }
}
