using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Contracts.V1;

namespace Decision.Cli.Authorize;

internal static class ExplainCommand
{
    public static Command Create(Shell shell)
    {
        var request = new RequestOptions();
        var peek = new Option<bool>("--peek") { Description = "Makes no difference: explain spends nothing.", Hidden = true };
        return new CliCommand(shell, "explain", "Shows how a request would be decided, step by step. Nothing is spent.")
        {
            Symbols = [.. request.Symbols, peek],
            Examples =
            [
                "decisionctl explain --api orders --path /orders/1 --key $KEY",
                "decisionctl explain --api orders --path /orders/1 --key $KEY -o json | jq '.steps[] | select(.outcome == \"EXPLAIN_OUTCOME_DENIED\")'",
            ],
            Runs = async (parsed, session) =>
            {
                var asked = request.Read(parsed, shell);
                var answer = await session.Authorize.ExplainAsync(new ExplainRequest { Request = asked });
                session.Output.Show(answer, () => [VerdictText.Reason(answer.Response.Reason)], console => ExplanationDrawing.Draw(console, asked, answer));
                return ExitCode.Done;
            },
        };
    }
}
