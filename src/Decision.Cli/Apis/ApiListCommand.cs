using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;

namespace Decision.Cli.Apis;

internal static class ApiListCommand
{
    public static Command Create(Shell shell)
    {
        var organization = new Option<string?>("--org") { Description = "Only APIs of this organisation.", HelpName = "ORG" };
        var limit = Pages.LimitOption();
        return new CliCommand(shell, "list", "Lists APIs, those of files and those of the store.")
        {
            Symbols = [organization, limit],
            Examples = ["decisionctl api list", "decisionctl api list --org demo --quiet"],
            Runs = async (parsed, session) =>
            {
                var apis = await ApiReader
                    .ListAsync(session, parsed.GetValue(organization), parsed.GetValue(limit) ?? long.MaxValue)
                    .ToListAsync(session.Cancellation);
                session.Output.Show(
                    () => new JsonObject { ["apis"] = ProtoJson.Of(apis) },
                    () => apis.Select(api => api.ApiId),
                    console =>
                    {
                        var table = Tables.Create("ID", "ORG", "LISTEN PATH", "HOSTS", "VERSIONS", "RATE", "KEPT IN", "NAME");
                        foreach (var api in apis)
                        {
                            table.Row(
                                api.ApiId,
                                api.OrganizationId,
                                api.ListenPath,
                                string.Join(", ", api.Hosts),
                                string.Join(", ", api.Versions),
                                LimitText.Rate(api.Rate, api.Per),
                                api.Revision == 0 ? "file" : "store",
                                api.Name);
                        }

                        console.WriteTable(table);
                    });
                if (apis.Count == 0)
                {
                    session.Output.Note("There are no APIs.");
                }

                return ExitCode.Done;
            },
        };
    }
}
