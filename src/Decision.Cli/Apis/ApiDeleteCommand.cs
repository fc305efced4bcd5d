using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Apis;

internal static class ApiDeleteCommand
{
    public static Command Create(Shell shell)
    {
        var id = ApiCommands.IdArgument();
        var yes = CommonOptions.Yes();
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "delete", "Removes an API from the registry, with its API-wide counter; policies and keys go on granting its id.")
        {
            Symbols = [id, yes, etag],
            Examples = ["decisionctl api delete orders --yes"],
            Runs = async (parsed, session) =>
            {
                string wanted = parsed.GetRequiredValue(id);
                await session.ConfirmAsync($"Remove the API {wanted} from the registry?", parsed.GetValue(yes));
                await session.Apis.DeleteApiAsync(new DeleteApiRequest { ApiId = wanted, Etag = parsed.GetValue(etag) ?? "" });
                session.Output.Show(() => new JsonObject { ["deleted"] = wanted }, () => [wanted], console => console.WriteLine($"Deleted the API {wanted}."));
                return ExitCode.Done;
            },
        };
    }
}
