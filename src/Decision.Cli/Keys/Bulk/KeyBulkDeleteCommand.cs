using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys.Bulk;

internal static class KeyBulkDeleteCommand
{
    public static Command Create(Shell shell)
    {
        var options = new BulkOptions();
        return new CliCommand(shell, "delete", "Removes keys with their counters, for good. To be able to take it back, disable them instead.")
        {
            Symbols = options.Symbols,
            Examples = ["decisionctl key bulk delete -f leaked.txt --dry-run", "decisionctl key bulk delete --org acme --tag trial-2025 --yes"],
            Runs = (parsed, session) => new BulkRun(session, options.Read(parsed)).DoAsync(
                "delete",
                static _ => true,
                async key =>
                {
                    // With the etag: one that was changed since it was chosen may no longer be one of those that were asked for.
                    await session.Keys.DeleteKeyAsync(new DeleteKeyRequest { KeyId = key.KeyId, Etag = key.Etag });
                    return true;
                }),
        };
    }
}
