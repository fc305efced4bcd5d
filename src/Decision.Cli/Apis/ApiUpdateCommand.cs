using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Apis;

internal static class ApiUpdateCommand
{
    public static Command Create(Shell shell)
    {
        var id = ApiCommands.IdArgument();
        var fields = new ApiFields(isUpdate: true);
        var file = CommonOptions.File("The whole API as JSON; what it leaves out is emptied. Options count before it. - = standard input.");
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "update", "Changes fields of an API.")
        {
            Symbols = [id, .. fields.Symbols, file, etag],
            Examples = ["decisionctl api update orders --rate 100/1s", "decisionctl api update orders --add-api-version v2 --default-version v1"],
            Runs = async (parsed, session) =>
            {
                string wanted = parsed.GetRequiredValue(id);
                string? path = parsed.GetValue(file);
                var api = path is null ? await ApiReader.GetAsync(session, wanted) : RecordFile.ReadOne(path, RecordKinds.Api, session);
                if (api.ApiId.Length > 0 && api.ApiId != wanted)
                {
                    throw CommandException.WrongUse($"{path} holds the API {api.ApiId}, not {wanted}.");
                }

                api.ApiId = wanted;
                api.Etag = parsed.GetValue(etag) ?? api.Etag;
                var change = new RecordChange<Api>(api) { IsWhole = path is not null };
                fields.Apply(parsed, change);
                var updated = await session.Apis.UpdateApiAsync(new UpdateApiRequest { Api = api, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated, () => [updated.Api.ApiId], console => ApiText.Show(console, updated.Api));
                return ExitCode.Done;
            },
        };
    }
}
