using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Credentials;

internal static class CredentialWhoAmICommand
{
    public static Command Create(Shell shell) => new CliCommand(shell, "whoami", "Tells whose the secret is that the tool presents, and what it may do.")
    {
        Symbols = [],
        Examples = ["decisionctl credential whoami", "decisionctl credential whoami --output json | jq -r .credential.role"],
        Runs = async (_, session) =>
        {
            var answer = await session.Credentials.WhoAmIAsync(new WhoAmIRequest());
            session.Output.Show(
                answer,
                () => [answer.Credential.CredentialId],
                console =>
                {
                    if (answer.IsAdminSecret)
                    {
                        console.Write(Tables.Fields(
                            ("id", answer.Credential.CredentialId),
                            ("name", answer.Credential.Name),
                            ("role", CredentialText.Role(answer.Credential.Role)),
                            ("organisations", CredentialText.Organizations(answer.Credential))));
                    }
                    else
                    {
                        CredentialText.Show(console, answer.Credential, shell.Time);
                    }
                });
            return ExitCode.Done;
        },
    };
}
