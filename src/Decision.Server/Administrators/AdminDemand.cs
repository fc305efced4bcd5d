using Decision.Runtime.Credentials;

namespace Decision.Server.Administrators;

/// <summary>What an admin call needs, and what the audit log calls it where it is denied.</summary>
/// <param name="Role">The least role that may make it.</param>
/// <param name="Action">As <c>policy.update</c>.</param>
internal sealed record AdminDemand(AdminRole Role, string Action)
{
    /// <summary>What the call is about.</summary>
    public string ObjectKind => Action[..Action.IndexOf('.', StringComparison.Ordinal)];

    public static AdminDemand Viewer(string action) => new(AdminRole.Viewer, action);

    public static AdminDemand Operator(string action) => new(AdminRole.Operator, action);

    public static AdminDemand Admin(string action) => new(AdminRole.Admin, action);
}
