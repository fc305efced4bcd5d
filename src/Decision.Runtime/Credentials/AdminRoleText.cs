namespace Decision.Runtime.Credentials;

/// <summary>Roles as people and files write them.</summary>
public static class AdminRoleText
{
    /// <summary><c>viewer</c>, <c>operator</c> or <c>admin</c>.</summary>
    public static string ToText(this AdminRole role) => role switch
    {
        AdminRole.Viewer => "viewer",
        AdminRole.Operator => "operator",
        AdminRole.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Is no role."),
    };

    /// <summary>The role of a word; null = there is no such role.</summary>
    public static AdminRole? Read(string? text) => text switch
    {
        "viewer" => AdminRole.Viewer,
        "operator" => AdminRole.Operator,
        "admin" => AdminRole.Admin,
        _ => null,
    };
}
