using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Policies.Apply;
using Decision.Cli.Policies.Validate;
using Decision.Cli.PolicyTests;

namespace Decision.Cli.Policies;

internal static class PolicyCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "policy",
        "Limits and rights that keys take over by naming them.",
        PolicyListCommand.Create(shell),
        PolicyGetCommand.Create(shell),
        PolicyCreateCommand.Create(shell),
        PolicyUpdateCommand.Create(shell),
        PolicySwitchCommand.Create(shell, isEnabling: true),
        PolicySwitchCommand.Create(shell, isEnabling: false),
        PolicyDeleteCommand.Create(shell),
        PolicyRevisionsCommand.Create(shell),
        PolicyRollbackCommand.Create(shell),
        PolicyValidateCommand.Create(shell),
        PolicyApplyCommand.Create(shell),
        PolicyDiffCommand.Create(shell),
        PolicyTestCommand.Create(shell),
        PolicyReloadCommand.Create(shell));

    public static Argument<string> IdArgument() => new("POLICY-ID") { Description = "The policy's id." };
}
