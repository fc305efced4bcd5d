using System.CommandLine;
using System.CommandLine.Parsing;
using Decision.Cli.Commands;
using Decision.Engine.Credentials;

namespace Decision.Cli.Credentials;

internal static class CredentialCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "credential",
        "Credentials of those who administer, by their ids; a credential's token is shown once, where it is made.",
        CredentialCreateCommand.Create(shell),
        CredentialListCommand.Create(shell),
        CredentialGetCommand.Create(shell),
        CredentialRevokeCommand.Create(shell),
        CredentialWhoAmICommand.Create(shell));

    public static Argument<string> IdArgument()
    {
        var argument = new Argument<string>("CREDENTIAL-ID") { Description = "The credential's id, as credential create and credential list tell it; not its token." };
        argument.Validators.Add(RefuseToken);
        return argument;
    }

    private static void RefuseToken(ArgumentResult result)
    {
        if (result.Tokens is [var token] && AdminToken.LooksLike(token.Value))
        {
            string id = AdminToken.TryReadId(token.Value, out string known) ? $" Its id is {known}." : "";
            result.AddError($"That is the token itself, a secret that should not stand on a command line.{id}");
        }
    }
}
