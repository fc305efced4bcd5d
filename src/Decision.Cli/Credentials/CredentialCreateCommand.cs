using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Credentials;

internal static class CredentialCreateCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "Who or what will have it, as alice or ci." };
        var role = new Option<string>("--role") { Description = "viewer reads; operator also changes keys; admin may do everything.", HelpName = "viewer|operator|admin", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var organizations = new Option<string[]>("--org") { Description = "Only for this organisation; may be repeated. Default: for all.", HelpName = "ORG" };
        var description = new Option<string?>("--description") { Description = "More about it.", HelpName = "TEXT" };
        var expiresIn = new Option<string?>("--expires-in") { Description = "It ends after this time, as 90d.", HelpName = "TIME" };
        var expires = new Option<string?>("--expires") { Description = "It ends then, as 2027-01-31.", HelpName = "DATE" };
        return new CliCommand(shell, "create", "Makes an admin credential, and shows its token this one time.")
        {
            Symbols = [name, role, organizations, description, expiresIn, expires],
            Examples =
            [
                "decisionctl credential create alice --role admin",
                "decisionctl credential create on-call --role operator --expires-in 90d",
                "decisionctl credential create acme-support --role viewer --org acme --description 'Support desk of Acme'",
                "decisionctl credential create ci --role admin --quiet > ci-token",
            ],
            Runs = async (parsed, session) =>
            {
                var credential = new AdminCredential
                {
                    Name = parsed.GetRequiredValue(name),
                    Role = parsed.GetRequiredValue(role) switch
                    {
                        "viewer" => AdminRole.Viewer,
                        "operator" => AdminRole.Operator,
                        _ => AdminRole.Admin,
                    },
                    Description = parsed.GetValue(description) ?? "",
                    ExpireTime = End(parsed.GetValue(expiresIn), parsed.GetValue(expires), shell.Time),
                };
                credential.Organizations.AddRange(parsed.GetValue(organizations) ?? []);
                var created = await session.Credentials.CreateAdminCredentialAsync(new CreateAdminCredentialRequest { Credential = credential });
                session.Output.Show(created, () => [created.Token], console => CredentialText.Show(console, created.Credential, shell.Time, created.Token));
                session.Output.Note("The token is shown this one time: keep it now. Everywhere else the id names the credential.");
                return ExitCode.Done;
            },
        };
    }

    private static Timestamp? End(string? expiresIn, string? expires, TimeProvider clock) => (expiresIn, expires) switch
    {
        (null, null) => null,
        (not null, not null) => throw CommandException.WrongUse("--expires-in and --expires exclude each other: give one of them."),
        (not null, _) => Timestamp.FromDateTimeOffset(clock.GetUtcNow() + DurationText.Read(expiresIn, "--expires-in")),
        _ => Timestamp.FromDateTimeOffset(DateText.Read(expires, "--expires")),
    };
}
