using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Organizations;

internal static class OrganizationCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "org",
        "Organisations with limits, defaults or a switch of their own.",
        OrganizationListCommand.Create(shell),
        OrganizationGetCommand.Create(shell),
        OrganizationCreateCommand.Create(shell),
        OrganizationUpdateCommand.Create(shell),
        OrganizationDeleteCommand.Create(shell));

    public static Argument<string> IdArgument() => new("ORG-ID") { Description = "The organisation's id." };
}
