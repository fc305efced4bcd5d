using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Credentials;

/// <summary>Words for admin credentials.</summary>
internal static class CredentialText
{
    public static string Role(AdminRole role) => role switch
    {
        AdminRole.Viewer => "viewer",
        AdminRole.Operator => "operator",
        AdminRole.Admin => "admin",
        _ => "",
    };

    public static string Organizations(AdminCredential one) => one.Organizations.Count == 0 ? "all" : string.Join(", ", one.Organizations);

    public static string State(AdminCredential one, TimeProvider clock) =>
        one.RevokeTime is not null ? "revoked"
        : one.ExpireTime is { } end && end.ToDateTimeOffset() <= clock.GetUtcNow() ? "expired"
        : "active";

    public static void Show(IAnsiConsole console, AdminCredential one, TimeProvider clock, string token = "") => console.Write(Tables.Fields(
        ("token", token),
        ("id", one.CredentialId),
        ("name", one.Name),
        ("description", one.Description),
        ("role", Role(one.Role)),
        ("organisations", Organizations(one)),
        ("state", State(one, clock)),
        ("expires", one.ExpireTime is { } end ? $"{TimeText.Write(end)} ({TimeText.FromNow(end, clock)})" : "never"),
        ("made", By(TimeText.Write(one.CreateTime), one.CreatedBy)),
        ("revoked", By(TimeText.Write(one.RevokeTime), one.RevokedBy)),
        ("last used", TimeText.Write(one.LastUseTime))));

    private static string By(string time, string who) => time.Length == 0 || who.Length == 0 ? time : $"{time} by {who}";
}
