using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Authorize;

internal static class AuthorizeCommand
{
    public static Command Create(Shell shell)
    {
        var request = new RequestOptions();
        var peek = new Option<bool>("--peek") { Description = "Decide, but spend nothing." };
        return new CliCommand(shell, "authorize", "Decides one request, as a proxy would ask; ends with 1 where it is refused.")
        {
            Symbols = [.. request.Symbols, peek],
            Examples =
            [
                "decisionctl authorize --api orders --path /orders/1 --key $KEY",
                "DECISION_API_KEY=$KEY decisionctl authorize --host api.example.com --path /orders/1 -X POST --cost 5",
                "decisionctl authorize --api orders --key-file key.txt --peek --quiet",
            ],
            Runs = async (parsed, session) =>
            {
                var asked = request.Read(parsed, shell);
                asked.Peek = parsed.GetValue(peek);
                var verdict = await session.Authorize.AuthorizeAsync(asked);
                session.Output.Show(verdict, () => [VerdictText.Reason(verdict.Reason)], console => VerdictText.Show(console, verdict));
                return verdict.Allowed ? ExitCode.Done : ExitCode.Refused;
            },
        };
    }
}
