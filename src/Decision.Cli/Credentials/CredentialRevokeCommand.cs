using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Credentials;

internal static class CredentialRevokeCommand
{
    public static Command Create(Shell shell)
    {
        var id = CredentialCommands.IdArgument();
        var yes = CommonOptions.Yes();
        return new CliCommand(shell, "revoke", "Ends an admin credential; its next call is refused. This cannot be undone.")
        {
            Symbols = [id, yes],
            Examples = ["decisionctl credential revoke 6y7ThcHXxq2mCgvN", "decisionctl credential revoke 6y7ThcHXxq2mCgvN --yes"],
            Runs = async (parsed, session) =>
            {
                string credentialId = parsed.GetRequiredValue(id);
                string name = "";
                if (!parsed.GetValue(yes) && shell.IsInputTerminal)
                {
                    name = (await session.Credentials.GetAdminCredentialAsync(new GetAdminCredentialRequest { CredentialId = credentialId })).Credential.Name;
                }

                await session.ConfirmAsync($"Revoke the credential {credentialId}{(name.Length > 0 ? $" ({name})" : "")}?", parsed.GetValue(yes));
                var revoked = (await session.Credentials.RevokeAdminCredentialAsync(new RevokeAdminCredentialRequest { CredentialId = credentialId })).Credential;
                session.Output.Show(revoked, () => [credentialId], console => console.WriteLine($"Revoked the credential {credentialId} ({revoked.Name})."));
                return ExitCode.Done;
            },
        };
    }
}
