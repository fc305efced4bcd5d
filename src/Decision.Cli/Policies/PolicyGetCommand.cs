using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies;

internal static class PolicyGetCommand
{
    public static Command Create(Shell shell)
    {
        var id = PolicyCommands.IdArgument();
        return new CliCommand(shell, "get", "Shows one policy. As JSON it can be edited and given to policy update.")
        {
            Symbols = [id],
            Examples = ["decisionctl policy get tour", "decisionctl policy get tour --output json > tour.json"],
            Runs = async (parsed, session) =>
            {
                var policy = await PolicyReader.GetAsync(session, parsed.GetRequiredValue(id));
                session.Output.Show(policy, () => [policy.Id], console => Show(console, policy));
                return ExitCode.Done;
            },
        };
    }

    public static void Show(IAnsiConsole console, Policy policy)
    {
        console.Write(Tables.Fields(
            ("id", policy.Id),
            ("name", policy.Name),
            ("organisation", policy.OrgId),
            ("state", PolicyText.State(policy)),
            ("covers", PolicyText.Covers(policy)),
            ("rate", LimitText.Rate(policy.Rate, policy.Per)),
            ("rate algorithm", policy.RateAlgorithm),
            ("quota", LimitText.Quota(policy.QuotaMax, policy.QuotaRenewalRate, policy.QuotaPeriod)),
            ("trial", policy.KeyExpiresIn > 0 ? $"new keys expire after {Values.DurationText.Write(TimeSpan.FromSeconds(policy.KeyExpiresIn))}" : ""),
            ("query depth", policy.MaxQueryDepth > 0 ? policy.MaxQueryDepth.ToString(CultureInfo.InvariantCulture) : ""),
            ("tags", string.Join(", ", policy.Tags)),
            ("addresses", string.Join(", ", policy.AllowedIps)),
            ("enforcement", policy.Enforcement),
            ("kept in", PolicyText.Source(policy)),
            ("etag", policy.Etag)));
        console.WriteLine();
        RightsTable.Write(console, policy.AccessRights);
    }
}
