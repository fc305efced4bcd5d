using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Contracts.V1;

namespace Decision.Cli.Authorize;

internal static class ExplainCommand
{
    public static Command Create(Shell shell)
    {
        var request = new RequestOptions();
        var keyId = new Option<string?>("--key-id")
        {
            Description = "The key by its id, as though the client had presented it: nobody who administers keys has their texts. Instead of --key.",
            HelpName = "ID",
        };
        var peek = new Option<bool>("--peek") { Description = "Makes no difference: explain spends nothing.", Hidden = true };
        return new CliCommand(shell, "explain", "Shows how a request would be decided, step by step. Nothing is spent.")
        {
            Symbols = [.. request.Symbols, keyId, peek],
            Examples =
            [
                "decisionctl explain --api orders --path /orders/1 --key $KEY",
                "decisionctl explain --api orders --path /orders/1 --key-id Zk3p9QxT1uV7aB2c",
                "decisionctl explain --api orders --path /orders/1 --key $KEY -o json | jq '.steps[] | select(.outcome == \"EXPLAIN_OUTCOME_DENIED\")'",
            ],
            Runs = async (parsed, session) =>
            {
                string id = parsed.GetValue(keyId) ?? "";
                var asked = request.Read(parsed, shell, isKeyNamed: id.Length > 0);
                var answer = await session.Authorize.ExplainAsync(new ExplainRequest { Request = asked, KeyId = id });
                session.Output.Show(answer, () => [VerdictText.Reason(answer.Response.Reason)], console => ExplanationDrawing.Draw(console, asked, answer));
                return ExitCode.Done;
            },
        };
    }
}
