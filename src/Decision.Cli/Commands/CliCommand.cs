using System.CommandLine;
using Decision.Cli.Failures;

namespace Decision.Cli.Commands;

/// <summary>A command that does something: its name, its options, its examples and what it runs.</summary>
/// <example>
/// <code>
/// var id = new Argument&lt;string&gt;("KEY-ID") { Description = "The key's id." };
/// return new CliCommand(shell, "get", "Shows one key.")
/// {
///     Symbols = [id],
///     Examples = ["decisionctl key get k1XYZ"],
///     Runs = async (parsed, session) => { ...; return ExitCode.Done; },
/// };
/// </code>
/// </example>
internal sealed class CliCommand : Command
{
    private readonly Shell _shell;

    public CliCommand(Shell shell, string name, string description)
        : base(name, description)
    {
        _shell = shell;
        SetAction(RunAsync);
    }

    /// <summary>Arguments and options, in the order of the help.</summary>
    public IReadOnlyList<Symbol> Symbols
    {
        init
        {
            foreach (var symbol in value)
            {
                if (symbol is Argument argument)
                {
                    Add(argument);
                }
                else if (symbol is Option option)
                {
                    Add(option);
                }
            }
        }
    }

    /// <summary>Command lines as a user would type them; at least one.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>What it does. Failures are thrown; <see cref="FailureReport"/> tells them.</summary>
    public required Func<ParseResult, Session, Task<ExitCode>> Runs { private get; init; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var session = Session.Open(parsed, _shell, cancellation);
        try
        {
            return (int)await Runs(parsed, session);
        }
        catch (Exception exception) when (Failure.Of(exception, session.Address, cancellation) is { } failure)
        {
            return (int)FailureReport.Tell(failure, parsed, _shell);
        }
    }
}
