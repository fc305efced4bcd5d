using Decision.Contracts.Admin.V1;
using Decision.Runtime.Administration;
using Google.Protobuf.WellKnownTypes;
using Model = Decision.Runtime.Credentials;

namespace Decision.Server.Grpc.Admin;

/// <summary>Admin credentials on the wire.</summary>
internal static class CredentialMapping
{
    public static AdminCredential ToMessage(Model.AdminCredential credential) => new()
    {
        CredentialId = credential.Id,
        Name = credential.Name,
        Description = credential.Description,
        Role = ToMessage(credential.Role),
        Organizations = { credential.Organizations },
        ExpireTime = WireTime.OfUs(credential.ExpiresAtUs),
        CreateTime = WireTime.OfUs(credential.CreatedAtUs),
        CreatedBy = credential.CreatedBy,
        RevokeTime = WireTime.OfUs(credential.RevokedAtUs),
        RevokedBy = credential.RevokedBy,
        LastUseTime = WireTime.OfUs(credential.LastUsedAtUs),
    };

    public static AdminRole ToMessage(Model.AdminRole role) => role switch
    {
        Model.AdminRole.Viewer => AdminRole.Viewer,
        Model.AdminRole.Operator => AdminRole.Operator,
        _ => AdminRole.Admin,
    };

    /// <exception cref="AdministrationException">It is none.</exception>
    public static Model.AdminRole ToModel(AdminRole role) => role switch
    {
        AdminRole.Viewer => Model.AdminRole.Viewer,
        AdminRole.Operator => Model.AdminRole.Operator,
        AdminRole.Admin => Model.AdminRole.Admin,
        AdminRole.Unspecified => throw new AdministrationException("credential.role", "is missing: write VIEWER, OPERATOR or ADMIN."),
        _ => throw new AdministrationException("credential.role", $"{(int)role} is no role: write VIEWER, OPERATOR or ADMIN."),
    };

    /// <summary>Microseconds since the Unix epoch; 0 = absent.</summary>
    /// <exception cref="AdministrationException">It is out of range.</exception>
    public static long ToUs(Timestamp? time, string field)
    {
        if (time is null)
        {
            return 0;
        }

        try
        {
            return (time.ToDateTime().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        }
        catch (InvalidOperationException)
        {
            throw new AdministrationException(field, "is no moment: its seconds or nanoseconds are out of range.");
        }
    }
}
