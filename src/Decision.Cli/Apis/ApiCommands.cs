using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Apis;

internal static class ApiCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "api",
        "The registry: which API a host and path belong to, its versions and its API-wide limit.",
        ApiListCommand.Create(shell),
        ApiGetCommand.Create(shell),
        ApiCreateCommand.Create(shell),
        ApiUpdateCommand.Create(shell),
        ApiDeleteCommand.Create(shell));

    public static Argument<string> IdArgument() => new("API-ID") { Description = "The API's id." };
}
