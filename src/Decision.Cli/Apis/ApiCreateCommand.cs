using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Apis;

internal static class ApiCreateCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("API-ID") { Description = "The API's id. Default: the file's.", Arity = ArgumentArity.ZeroOrOne };
        var fields = new ApiFields(isUpdate: false);
        var file = CommonOptions.File("The API as JSON; options count before it. - = standard input.");
        return new CliCommand(shell, "create", "Registers an API.")
        {
            Symbols = [id, .. fields.Symbols, file],
            Examples = ["decisionctl api create orders --org demo --listen-path /orders/", "decisionctl api create -f orders.json"],
            Runs = async (parsed, session) =>
            {
                string? path = parsed.GetValue(file);
                var api = path is null ? new Api() : RecordFile.ReadOne(path, RecordKinds.Api, session);
                api.ApiId = parsed.GetValue(id) ?? api.ApiId;
                api.Etag = "";
                if (api.ApiId.Length == 0 && path is null)
                {
                    throw CommandException.WrongUse("Give the API's id, or a file with -f.");
                }

                fields.Apply(parsed, new RecordChange<Api>(api));
                var created = await session.Apis.CreateApiAsync(new CreateApiRequest { Api = api });
                session.Output.Tell(created.Findings);
                session.Output.Show(created, () => [created.Api.ApiId], console => ApiText.Show(console, created.Api));
                return ExitCode.Done;
            },
        };
    }
}
