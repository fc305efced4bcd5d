using System.CommandLine;
using System.Globalization;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies;

internal static class PolicyCreateCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("POLICY-ID") { Description = "The policy's id. Default: the file's, else one is made.", Arity = ArgumentArity.ZeroOrOne };
        var fields = new PolicyFields(isUpdate: false);
        var file = CommonOptions.File("The policy as JSON, in Tyk's names; options count before it. - = standard input.");
        return new CliCommand(shell, "create", "Stores a new policy.")
        {
            Symbols = [id, .. fields.Symbols, file],
            Examples =
            [
                "decisionctl policy create gold --org demo --api orders --rate 10/1s --quota 1000/month",
                "decisionctl policy create monthly --org demo --quota 5000/month --cover quota",
                "decisionctl policy create -f gold.json",
            ],
            Runs = async (parsed, session) =>
            {
                string? given = parsed.GetValue(id);
                var policy = parsed.GetValue(file) is { } path ? RecordFile.ReadOne(path, RecordKinds.Policy, session) : new Policy();
                policy.Id = given ?? policy.Id;
                policy.Etag = "";
                var change = new RecordChange<Policy>(policy) { IsWhole = parsed.GetValue(file) is not null };
                fields.Apply(parsed, change);
                if (!change.HasAny && !change.IsWhole)
                {
                    throw CommandException.WrongUse("A policy needs limits or APIs: give --api, --rate or --quota, or a file with -f.");
                }

                var created = await session.Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy });
                session.Output.Tell(created.Findings);
                session.Output.Show(created, () => [created.Policy.Id], console => PolicyText.Show(console, created.Policy));
                if (created.KeysAffected > 0)
                {
                    session.Output.Note(string.Create(CultureInfo.InvariantCulture, $"{created.KeysAffected} keys name it already, and take it over from now on."));
                }

                return ExitCode.Done;
            },
        };
    }
}
