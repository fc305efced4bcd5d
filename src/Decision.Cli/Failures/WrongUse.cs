using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Engine.Json;

namespace Decision.Cli.Failures;

/// <summary>Tells of a command line that is not understood: what is wrong with it, and what was probably meant.</summary>
internal static class WrongUse
{
    public static ExitCode Tell(ParseResult parsed, Shell shell)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Tokens.Count == 0 || (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0))
        {
            HelpText.Write(command, shell.Error);
            return ExitCode.WrongUse;
        }

        string see = $"See {CommandTree.PathOf(command)} --help";
        string[] problems = [.. Problems(parsed, command)];
        if (IsForPrograms(parsed))
        {
            return FailureReport.Tell(new Failure(ExitCode.WrongUse, "WRONG_USE", $"{string.Join(' ', problems)} {see}", [], null), parsed, shell);
        }

        foreach (string problem in problems)
        {
            shell.Error.WriteLine(problem);
        }

        shell.Error.WriteLine(see);
        return ExitCode.WrongUse;
    }

    private static IEnumerable<string> Problems(ParseResult parsed, Command command)
    {
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens[0] is var word && !word.StartsWith('-'))
        {
            // What follows a command that there is not means nothing by itself.
            return [$"There is no command '{CommandTree.PathOf(command)} {word}'.{Meant(word, command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}"];
        }

        var options = command.Parents.OfType<Command>().Append(command).SelectMany(one => one.Options);
        string[] names = [.. options.Concat(parsed.RootCommandResult.Command.Options).SelectMany(option => option.Aliases.Append(option.Name)).Distinct()];
        return parsed.Errors.Select(error => error.Message).Distinct()
            .Select(message => parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith("--", StringComparison.Ordinal) && message.Contains($"'{token}'", StringComparison.Ordinal)) is { } token
                ? $"There is no option '{token}' here.{Meant(token.Split('=')[0], names)}"
                : message);
    }

    private static string Meant(string word, IEnumerable<string> known) => EditDistance.Nearest(word, known) is { } meant ? $" Did you mean {meant}?" : "";

    // Of a line that is not understood, as far as it can be read.
    private static bool IsForPrograms(ParseResult parsed) =>
        parsed.GetResult(GlobalOptions.Output) is { Errors: var errors } && !errors.Any() && parsed.GetValue<OutputFormat>(GlobalOptions.Output) == OutputFormat.Json;
}
