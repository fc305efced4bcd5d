using System.CommandLine;
using System.CommandLine.Completions;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Cli.Completion;

/// <summary>Suggests the service's own ids wherever a policy, key, API or organisation is asked for; nothing where it does not answer at once.</summary>
internal static class ServerSuggestions
{
    private const int Most = 200;
    private const string DefaultPatience = "2s";
    private const string PatienceVariable = "DECISION_COMPLETION_TIMEOUT";

    // By the name of an argument, or what stands for an option's value.
    private static readonly Dictionary<string, Func<Session, Task<IEnumerable<string>>>> Sources = new(StringComparer.Ordinal)
    {
        ["POLICY"] = async session => (await session.Policies.ListPoliciesAsync(new ListPoliciesRequest { PageSize = Most })).Policies.Select(policy => policy.Id),
        ["KEY"] = async session => (await session.Keys.ListKeysAsync(new ListKeysRequest { PageSize = Most })).Keys.Select(key => key.KeyId),
        ["API"] = async session => (await session.Apis.ListApisAsync(new ListApisRequest { PageSize = Most })).Apis.Select(api => api.ApiId),
        ["CREDENTIAL"] = async session =>
            (await session.Credentials.ListAdminCredentialsAsync(new ListAdminCredentialsRequest { PageSize = Most })).Credentials.Select(one => one.CredentialId),
        ["ORG"] = async session =>
            (await session.Organizations.ListOrganizationsAsync(new ListOrganizationsRequest { PageSize = Most })).Organizations.Select(one => one.OrganizationId),
    };

    /// <summary>Adds them to a command and all under it. For completion alone: help asks for suggestions too.</summary>
    public static void AddTo(Command command, Shell shell)
    {
        foreach (var argument in command.Arguments)
        {
            if (argument.Name.EndsWith("-ID", StringComparison.Ordinal) && Sources.TryGetValue(argument.Name[..^3], out var source))
            {
                argument.CompletionSources.Add(context => Ask(source, context, shell));
            }
        }

        foreach (var option in command.Options)
        {
            // --key takes a secret, which nobody can suggest.
            if (option.HelpName is { } name && name != "KEY" && Sources.TryGetValue(name, out var source))
            {
                option.CompletionSources.Add(context => Ask(source, context, shell));
            }
        }

        foreach (var inner in command.Subcommands)
        {
            AddTo(inner, shell);
        }
    }

    private static List<CompletionItem> Ask(Func<Session, Task<IEnumerable<string>>> source, CompletionContext context, Shell shell)
    {
        try
        {
            return Task.Run(async () =>
            {
                var time = DurationText.Read(shell.Setting(PatienceVariable) ?? DefaultPatience, PatienceVariable);
                using var patience = new CancellationTokenSource(time, shell.Time);
                await using var session = Session.Open(context.ParseResult, shell, patience.Token);
                return (await source(session)).Select(id => new CompletionItem(id)).ToList();
            }).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is RpcException or CommandException or OperationCanceledException)
        {
            return [];
        }
    }
}
