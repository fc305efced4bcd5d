using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Apis;

internal static class ApiGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = ApiCommands.IdArgument();
        return new CliCommand(shell, "get", "Shows one API. As JSON it can be edited and given to api update.")
        {
            Symbols = [id],
            Examples = ["decisionctl api get orders", "decisionctl api get orders -o json > orders.json"],
            Runs = async (parsed, session) =>
            {
                var api = await ApiReader.GetAsync(session, parsed.GetRequiredValue(id));
                session.Output.Show(api, () => [api.ApiId], console => ApiText.Show(console, api));
                return ExitCode.Done;
            },
        };
    }
}
