using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies.Apply;

internal static class PolicyApplyCommand
{
    public static Command Create(Shell shell)
    {
        var wanted = new WantedOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the plan." };
        var force = new Option<bool>("--force") { Description = "With --prune, also remove policies that keys use." };
        var yes = CommonOptions.Yes();
        return new CliCommand(shell, "apply", "Makes the store's policies what files say: all of it or nothing, in one step. Shows the plan first.")
        {
            Symbols = [.. wanted.Symbols, force, dryRun, yes],
            Examples =
            [
                "decisionctl policy apply -f policies/",
                "decisionctl policy apply -f policies.json --dry-run",
                "decisionctl policy apply -f policies/ --org acme --prune --yes",
                "decisionctl policy get tour --output json | jq '.rate = 5' | decisionctl policy apply -f - --yes",
            ],
            Runs = async (parsed, session) =>
            {
                var request = wanted.Read(parsed, session);
                var preview = await PolicyPreview.AskAsync(request, session);
                bool isDone = !preview.Changes.Any() || parsed.GetValue(dryRun);
                if (!session.Output.IsJson && !session.Output.IsQuiet)
                {
                    PreviewText.Show(session.Output.Console, preview);
                }

                bool isForced = parsed.GetValue(force);
                if (preview.Plan.NeedsForce && !isForced)
                {
                    string needed = Needed(preview);
                    if (!isDone)
                    {
                        throw CommandException.Refused(needed);
                    }

                    session.Output.Note(needed);
                }

                if (isDone)
                {
                    Tell(session, preview, isApplied: false);
                    return ExitCode.Done;
                }

                await session.ConfirmAsync($"Apply this to {session.Address!.Authority}?", parsed.GetValue(yes));
                var applied = await session.Policies.ApplyPoliciesAsync(new ApplyPoliciesRequest
                {
                    Wanted = request.Wanted, Force = isForced, Fingerprint = preview.Plan.Fingerprint, MaxKeys = 0,
                });
                Tell(session, preview with { Plan = applied.Plan }, applied.Applied);
                return ExitCode.Done;
            },
        };
    }

    private static string Needed(PolicyPreview preview)
    {
        string[] used = [.. preview.Changes.Where(change => change is { Kind: PolicyChangeKind.Deleted, KeysUsing: > 0 })
            .Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Id} ({change.KeysUsing})"))];
        return $"Keys use policies that would be removed: {string.Join(", ", used)}. Move them first (decisionctl key bulk move), or give --force.";
    }

    private static void Tell(Session session, PolicyPreview preview, bool isApplied) => session.Output.Show(
        () =>
        {
            var json = preview.ToJson();
            json["applied"] = isApplied;
            return json;
        },
        () => preview.Changes.Select(change => change.Id),
        console =>
        {
            if (isApplied)
            {
                console.WriteLine("Applied.");
            }
        });
}
