using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Credentials;

internal static class CredentialListCommand
{
    public static Command Create(Shell shell)
    {
        var all = new Option<bool>("--all") { Description = "Also those that have expired or were revoked." };
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "list", "Lists admin credentials.")
        {
            Symbols = [all, limit],
            Examples = ["decisionctl credential list", "decisionctl credential list --all --output json"],
            Runs = async (parsed, session) =>
            {
                var credentials = await Pages.ReadAsync<AdminCredential>(
                    async (size, token) =>
                    {
                        var page = await session.Credentials.ListAdminCredentialsAsync(
                            new ListAdminCredentialsRequest { PageSize = size, PageToken = token, ShowEnded = parsed.GetValue(all) });
                        return (page.Credentials, page.NextPageToken);
                    },
                    parsed.GetValue(limit) ?? long.MaxValue).ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["credentials"] = ProtoJson.Of(credentials) },
                    () => credentials.Select(one => one.CredentialId),
                    console => Show(console, credentials, shell.Time));
                if (credentials.Count == 0)
                {
                    session.Output.Note("There are no admin credentials but Admin:Secret.");
                }

                return ExitCode.Done;
            },
        };
    }

    private static void Show(IAnsiConsole console, List<AdminCredential> credentials, TimeProvider time)
    {
        if (credentials.Count == 0)
        {
            return;
        }

        var table = Tables.Create("ID", "NAME", "ROLE", "ORGS", "STATE", "EXPIRES", "LAST USED");
        foreach (var one in credentials)
        {
            table.Row(
                one.CredentialId,
                one.Name,
                CredentialText.Role(one.Role),
                CredentialText.Organizations(one),
                CredentialText.State(one, time),
                one.ExpireTime is { } end ? TimeText.FromNow(end, time) : "never",
                one.LastUseTime is { } use ? TimeText.Write(use) : "never");
        }

        console.WriteTable(table);
    }
}
