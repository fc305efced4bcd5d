using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

internal static class KeyUpdateCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var fields = new KeyFields(isUpdate: true);
        var file = CommonOptions.File("The whole key as JSON; what it leaves out is emptied. Options count before it. - = standard input.");
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "update", "Changes fields of a key. What was used of its limits stays used.")
        {
            Symbols = [id, .. fields.Symbols, file, etag],
            Examples =
            [
                "decisionctl key update 6y7ThcHXxq2mCgvN --policy gold",
                "decisionctl key update 6y7ThcHXxq2mCgvN --add-tag beta --expires-in 30d",
                "decisionctl key update 6y7ThcHXxq2mCgvN --inactive",
                "decisionctl key get 6y7ThcHXxq2mCgvN -o json > key.json && $EDITOR key.json && decisionctl key update 6y7ThcHXxq2mCgvN -f key.json",
            ],
            Runs = async (parsed, session) =>
            {
                string keyId = parsed.GetRequiredValue(id);
                var change = await RecordUpdate.OpenAsync(
                    keyId, parsed.GetValue(file), parsed.GetValue(etag), RecordKinds.Key, session, () => KeyReader.GetAsync(session, keyId));
                fields.Apply(parsed, change, shell.Time);
                var updated = await session.Keys.UpdateKeyAsync(new UpdateKeyRequest { Key = change.Record, UpdateMask = change.Mask });
                session.Output.Tell(updated.Findings);
                session.Output.Show(updated.Key, () => [updated.Key.KeyId], console => KeyText.Show(console, updated.Key, shell.Time));
                return ExitCode.Done;
            },
        };
    }
}
