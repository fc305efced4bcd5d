using System.CommandLine;
using System.CommandLine.Parsing;
using Decision.Cli.Commands;
using Decision.Cli.Keys.Bulk;
using Decision.Engine.Credentials;

namespace Decision.Cli.Keys;

internal static class KeyCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "key",
        "Keys that clients present, by their ids; a key's secret is shown once, where it is made.",
        KeyCreateCommand.Create(shell),
        KeyGetCommand.Create(shell),
        KeyListCommand.Create(shell),
        KeyUpdateCommand.Create(shell),
        KeyDeleteCommand.Create(shell),
        KeyRotateCommand.Create(shell),
        KeyUsageCommand.Create(shell),
        KeyResetCommand.Create(shell),
        KeyAdjustCommand.Create(shell),
        KeyBulkCommands.Create(shell));

    public static Argument<string> IdArgument()
    {
        var argument = new Argument<string>("KEY-ID") { Description = "The key's id, as key create and key list tell it; not its secret." };
        argument.Validators.Add(RefuseSecret);
        return argument;
    }

    /// <summary><c>--key-id</c> of a command that is about more than keys.</summary>
    public static Option<string?> IdOption(string description)
    {
        var option = new Option<string?>("--key-id") { Description = description, HelpName = "KEY-ID" };
        option.Validators.Add(RefuseSecret);
        return option;
    }

    private static void RefuseSecret(SymbolResult result)
    {
        if (TokensOf(result) is [var token] && KeyToken.TryReadIdUnchecked(token.Value, out var id))
        {
            result.AddError($"That is the key itself, a secret that should not stand on a command line. Its id is {id}.");
        }
    }

    private static IReadOnlyList<Token> TokensOf(SymbolResult result) => result switch
    {
        ArgumentResult argument => argument.Tokens,
        OptionResult option => option.Tokens,
        _ => [],
    };
}
