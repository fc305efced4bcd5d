using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Keys;

internal static class KeyDeleteCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var yes = CommonOptions.Yes();
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "delete", "Removes a key with its counters; it is refused from then on.")
        {
            Symbols = [id, yes, etag],
            Examples = ["decisionctl key delete 6y7ThcHXxq2mCgvN", "decisionctl key delete 6y7ThcHXxq2mCgvN --yes"],
            Runs = async (parsed, session) =>
            {
                string keyId = parsed.GetRequiredValue(id);
                string alias = "";
                if (!parsed.GetValue(yes) && shell.IsInputTerminal)
                {
                    alias = (await KeyReader.GetAsync(session, keyId)).Alias;
                }

                await session.ConfirmAsync($"Delete the key {keyId}{(alias.Length > 0 ? $" ({alias})" : "")}, so that its holder is refused?", parsed.GetValue(yes));
                await session.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = keyId, Etag = parsed.GetValue(etag) ?? "" });
                session.Output.Show(() => new JsonObject { ["deleted"] = keyId }, () => [keyId], console => console.WriteLine($"Deleted the key {keyId}."));
                return ExitCode.Done;
            },
        };
    }
}
