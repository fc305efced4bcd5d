namespace Decision.Cli.Failures;

/// <summary>A command cannot go on: what to tell, and with which code to end.</summary>
internal sealed class CommandException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>The command line, a file or the environment is wrong.</summary>
    public static CommandException WrongUse(string message) => new(ExitCode.WrongUse, message);

    /// <summary>A check or a person has refused.</summary>
    public static CommandException Refused(string message) => new(ExitCode.Refused, message);
}
