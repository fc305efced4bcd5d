using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyAdjustCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var delta = new Argument<string>("+N|-N") { Description = "+5 counts 5 more as used; -5 gives 5 back, as a top-up." };
        var api = new Option<string?>("--api") { Description = "Which quota, by an API whose requests spend on it.", HelpName = "API" };
        var scope = new Option<string?>("--scope") { Description = "Which quota, by its scope as key usage shows it. Default: the key's only one.", HelpName = "SCOPE" };
        return new CliCommand(shell, "adjust", "Changes what a key has used of its quota.")
        {
            Symbols = [id, delta, api, scope],
            Examples = ["decisionctl key adjust 6y7ThcHXxq2mCgvN -100", "decisionctl key adjust 6y7ThcHXxq2mCgvN +40 --api orders"],
            Runs = async (parsed, session) =>
            {
                var answer = await session.Keys.AdjustUsageAsync(new AdjustUsageRequest
                {
                    KeyId = parsed.GetRequiredValue(id),
                    Delta = Read(parsed.GetRequiredValue(delta)),
                    ApiId = parsed.GetValue(api) ?? "",
                    Scope = parsed.GetValue(scope) ?? "",
                });
                session.Output.Show(
                    answer,
                    () => [answer.Usage.Remaining.ToString(CultureInfo.InvariantCulture)],
                    console => UsageTable.Write(console, [answer.Usage], shell.Time));
                return ExitCode.Done;
            },
        };
    }

    // The sign must be written: 5 alone could be meant either way.
    private static long Read(string text) =>
        text.Length > 1 && text[0] is '+' or '-' && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long delta) && delta != 0
            ? delta
            : throw CommandException.WrongUse($"'{text}' is not understood: write +5 to count 5 more as used, or -5 to give 5 back.");
}
