using System.CommandLine;
using Decision.Cli.Activity;
using Decision.Cli.Apis;
using Decision.Cli.Audit;
using Decision.Cli.Authorize;
using Decision.Cli.Backups;
using Decision.Cli.Bench;
using Decision.Cli.Completion;
using Decision.Cli.Credentials;
using Decision.Cli.Export;
using Decision.Cli.Import;
using Decision.Cli.Keys;
using Decision.Cli.Organizations;
using Decision.Cli.Policies;
using Decision.Cli.Status;

namespace Decision.Cli.Commands;

/// <summary>Every command of the tool. A command is a file in the folder of its group; a group is listed here.</summary>
internal static class CommandTree
{
    public const string ToolName = "decisionctl";

    /// <summary>No response files: <c>@</c> may start an argument. No bundling: <c>-abc</c> is not <c>-a -b -c</c>.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    public static RootCommand Create(Shell shell)
    {
        var root = new RootCommand("Keys, policies, APIs, organisations and decisions of the Decision service.")
        {
            KeyCommands.Create(shell),
            PolicyCommands.Create(shell),
            ApiCommands.Create(shell),
            OrganizationCommands.Create(shell),
            CredentialCommands.Create(shell),
            AuditCommands.Create(shell),
            BackupCommands.Create(shell),
            AuthorizeCommand.Create(shell),
            ExplainCommand.Create(shell),
            TailCommand.Create(shell),
            TopCommand.Create(shell),
            UsageCommand.Create(shell),
            BenchCommand.Create(shell),
            StatusCommand.Create(shell),
            ExportCommand.Create(shell),
            CompletionCommands.Create(shell),
            CompleteCommand.Create(shell),
            ImportCommands.Create(shell),
        };
        GlobalOptions.AddTo(root);
        ToolVersion.AddTo(root);
        HelpText.AddTo(root);
        return root;
    }

    /// <summary>How a command is called, as <c>decisionctl key get</c>.</summary>
    public static string PathOf(Command command)
    {
        string name = command is RootCommand ? ToolName : command.Name;
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {name}" : name;
    }
}
