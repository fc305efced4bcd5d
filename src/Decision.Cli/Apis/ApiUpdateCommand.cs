using System.CommandLine;
using Decision.Cli.Commands;
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
                var change = await RecordUpdate.OpenAsync(
                    wanted, parsed.GetValue(file), parsed.GetValue(etag), RecordKinds.Api, session, () => ApiReader.GetAsync(session, wanted));
                fields.Apply(parsed, change);
                var updated = await session.Apis.UpdateApiAsync(new UpdateApiRequest { Api = change.Record, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated, () => [updated.Api.ApiId], console => ApiText.Show(console, updated.Api));
                return ExitCode.Done;
            },
        };
    }
}
