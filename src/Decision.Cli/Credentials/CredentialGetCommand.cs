using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Credentials;

internal static class CredentialGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = CredentialCommands.IdArgument();
        return new CliCommand(shell, "get", "Shows one admin credential, also one that has ended.")
        {
            Symbols = [id],
            Examples = ["decisionctl credential get 6y7ThcHXxq2mCgvN"],
            Runs = async (parsed, session) =>
            {
                var credential = (await session.Credentials.GetAdminCredentialAsync(
                    new GetAdminCredentialRequest { CredentialId = parsed.GetRequiredValue(id) })).Credential;
                session.Output.Show(credential, () => [credential.CredentialId], console => CredentialText.Show(console, credential, shell.Time));
                return ExitCode.Done;
            },
        };
    }
}
