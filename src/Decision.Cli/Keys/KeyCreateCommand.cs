using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Keys;

internal static class KeyCreateCommand
{
    public static Command Create(Shell shell)
    {
        var fields = new KeyFields(isUpdate: false);
        var file = CommonOptions.File("The key as JSON, in Tyk's names; options count before it. - = standard input.");
        var custom = new Option<string?>("--key-file") { Description = "A file with the secret to use instead of a made one; - = standard input.", HelpName = "FILE" };
        return new CliCommand(shell, "create", "Makes a key, and shows its secret this one time.")
        {
            Symbols = [.. fields.Symbols, file, custom],
            Examples =
            [
                "decisionctl key create --policy tour --org demo --alias me",
                "decisionctl key create --policy read-orders --policy steady-rate --org demo --tag beta --expires-in 30d",
                "decisionctl key create --org acme --policy gold --rate 10/1s --quota 1000/month --meta plan=gold",
                "KEY=$(decisionctl key create --policy tour --org demo --quiet)",
                "pass show partner-key | decisionctl key create --policy gold --org acme --key-file -",
            ],
            Runs = async (parsed, session) =>
            {
                var key = parsed.GetValue(file) is { } path ? RecordFile.ReadOne(path, RecordKinds.Key, session) : new Key();
                (key.KeyId, key.Etag) = ("", "");
                fields.Apply(parsed, new RecordChange<Key>(key), shell.Time);
                var created = await session.Keys.CreateKeyAsync(new CreateKeyRequest { Key = key, ApiKey = ReadCustom(parsed.GetValue(custom), shell) });
                session.Output.Tell(created.Findings);
                session.Output.Show(created, () => [created.ApiKey], console => Show(console, created, shell.Time));
                session.Output.Note("The key is shown this one time: keep it now. Everywhere else the key id names it.");
                return ExitCode.Done;
            },
        };
    }

    private static string ReadCustom(string? file, Shell shell)
    {
        if (file is null)
        {
            return "";
        }

        string text = InputFile.ReadText(file, shell).Trim();
        return text.Length > 0 ? text : throw CommandException.WrongUse($"{file} of --key-file is empty: it must hold the secret to use.");
    }

    private static void Show(IAnsiConsole console, CreateKeyResponse created, TimeProvider time) => console.Write(Tables.Fields(
        ("api key", created.ApiKey),
        ("key id", created.KeyId),
        ("policies", string.Join(", ", created.Key.ApplyPolicies)),
        ("expires", TimeText.Expiry(created.Key.Expires, time)),
        ("hmac secret", created.Key.HmacString)));
}
