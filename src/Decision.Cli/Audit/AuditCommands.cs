using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Audit;

internal static class AuditCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "audit",
        "The log of every act of administration: who, when, from where, what, before and after.",
        AuditListCommand.Create(shell),
        AuditVerifyCommand.Create(shell),
        AuditExportCommand.Create(shell));
}
