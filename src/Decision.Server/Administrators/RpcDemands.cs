using System.Collections.Frozen;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.Administrators;

/// <summary>What each admin call over gRPC needs. One that is not here is made by nobody.</summary>
internal static class RpcDemands
{
    /// <summary>By the method's full name.</summary>
    public static FrozenDictionary<string, AdminDemand> All { get; } = new Dictionary<string, AdminDemand>
    {
        ["/decision.v1.AuthorizeService/Explain"] = Viewer("decision.explain"),

        ["/decision.admin.v1.KeyService/CreateKey"] = Operator("key.create"),
        ["/decision.admin.v1.KeyService/GetKey"] = Viewer("key.get"),
        ["/decision.admin.v1.KeyService/FindKey"] = Viewer("key.find"),
        ["/decision.admin.v1.KeyService/ListKeys"] = Viewer("key.list"),
        ["/decision.admin.v1.KeyService/UpdateKey"] = Operator("key.update"),
        ["/decision.admin.v1.KeyService/DeleteKey"] = Operator("key.delete"),
        ["/decision.admin.v1.KeyService/RotateKey"] = Operator("key.rotate"),
        ["/decision.admin.v1.KeyService/GetUsage"] = Viewer("key.get_usage"),
        ["/decision.admin.v1.KeyService/ResetUsage"] = Operator("key.reset_usage"),
        ["/decision.admin.v1.KeyService/AdjustUsage"] = Operator("key.adjust_usage"),

        ["/decision.admin.v1.PolicyAdminService/CreatePolicy"] = Admin("policy.create"),
        ["/decision.admin.v1.PolicyAdminService/GetPolicy"] = Viewer("policy.get"),
        ["/decision.admin.v1.PolicyAdminService/ListPolicies"] = Viewer("policy.list"),
        ["/decision.admin.v1.PolicyAdminService/UpdatePolicy"] = Admin("policy.update"),
        ["/decision.admin.v1.PolicyAdminService/DeletePolicy"] = Admin("policy.delete"),
        ["/decision.admin.v1.PolicyAdminService/ListPolicyRevisions"] = Viewer("policy.list_revisions"),
        ["/decision.admin.v1.PolicyAdminService/RollbackPolicy"] = Admin("policy.rollback"),
        ["/decision.admin.v1.PolicyAdminService/ValidatePolicy"] = Viewer("policy.validate"),
        ["/decision.admin.v1.PolicyAdminService/PreviewPolicies"] = Viewer("policy.preview"),
        ["/decision.admin.v1.PolicyAdminService/ApplyPolicies"] = Admin("policy.apply"),
        ["/decision.admin.v1.PolicyAdminService/ReloadPolicies"] = Admin("files.reload"),

        ["/decision.admin.v1.ApiAdminService/CreateApi"] = Admin("api.create"),
        ["/decision.admin.v1.ApiAdminService/GetApi"] = Viewer("api.get"),
        ["/decision.admin.v1.ApiAdminService/ListApis"] = Viewer("api.list"),
        ["/decision.admin.v1.ApiAdminService/UpdateApi"] = Admin("api.update"),
        ["/decision.admin.v1.ApiAdminService/DeleteApi"] = Admin("api.delete"),

        ["/decision.admin.v1.OrganizationAdminService/CreateOrganization"] = Admin("organization.create"),
        ["/decision.admin.v1.OrganizationAdminService/GetOrganization"] = Viewer("organization.get"),
        ["/decision.admin.v1.OrganizationAdminService/ListOrganizations"] = Viewer("organization.list"),
        ["/decision.admin.v1.OrganizationAdminService/UpdateOrganization"] = Admin("organization.update"),
        ["/decision.admin.v1.OrganizationAdminService/DeleteOrganization"] = Admin("organization.delete"),

        ["/decision.admin.v1.AdminCredentialService/CreateAdminCredential"] = Admin("credential.create"),
        ["/decision.admin.v1.AdminCredentialService/GetAdminCredential"] = Admin("credential.get"),
        ["/decision.admin.v1.AdminCredentialService/ListAdminCredentials"] = Admin("credential.list"),
        ["/decision.admin.v1.AdminCredentialService/RevokeAdminCredential"] = Admin("credential.revoke"),
        ["/decision.admin.v1.AdminCredentialService/WhoAmI"] = Viewer("credential.who_am_i"),

        ["/decision.admin.v1.AuditService/ListAuditEntries"] = Viewer("audit.list"),
        ["/decision.admin.v1.AuditService/VerifyAuditLog"] = Viewer("audit.verify"),

        ["/decision.admin.v1.ActivityService/FollowRefusals"] = Viewer("activity.follow_refusals"),
        ["/decision.admin.v1.ActivityService/ListRefused"] = Viewer("activity.list_refused"),
        ["/decision.admin.v1.ActivityService/GetUsageHistory"] = Viewer("activity.get_usage_history"),

        ["/decision.admin.v1.BackupService/CreateBackup"] = Admin("backup.create"),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
