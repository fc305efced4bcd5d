using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Import.Planning;
using Decision.Cli.Import.Reading;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Engine.Credentials;

namespace Decision.Cli.Import;

internal static class ImportTykCommand
{
    private const string SecretVariable = "TYK_SECRET";

    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("FILE|DIR|URL")
        {
            Description = "Tyk's policies.json, API definitions, an export of keys (an object key -> session), a folder with any of them, or the address of a running gateway.",
        };
        var accept = new Option<string[]>("--accept")
        {
            Description = "Accepts a difference that widens access or a limit, as D8; several times for several.",
            HelpName = "CODE",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Shows the plan and the report, and writes nothing." };
        var offline = new Option<bool>("--offline") { Description = "As --dry-run, without asking the service what it has." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Does not ask before it writes." };
        var report = new Option<string?>("--report") { Description = "Also writes the report as Markdown.", HelpName = "FILE" };
        var secret = new Option<string?>("--tyk-secret-file") { Description = $"A file with the gateway's secret; - = standard input. Default: {SecretVariable}.", HelpName = "FILE" };
        var minimum = new Option<int>("--min-key-length")
        {
            Description = "The service's Keys:MinimumCustomLength; shorter keys are listed. Default: 16.",
            HelpName = "N",
            DefaultValueFactory = static _ => CustomKey.DefaultMinimumLength,
        };
        return new CliCommand(shell, "tyk", "Imports policies, APIs and keys of Tyk, and tells per policy and key what changes by our differences.")
        {
            Symbols = [source, accept, dryRun, offline, yes, report, secret, minimum],
            Examples =
            [
                "decisionctl import tyk policies.json --dry-run",
                "decisionctl import tyk /opt/tyk-gateway --accept D8 --report import.md",
                "TYK_SECRET=... decisionctl import tyk http://127.0.0.1:8080 --yes",
            ],
            Runs = async (parsed, session) =>
            {
                var accepted = Accepted(parsed.GetValue(accept) ?? []);
                bool isOffline = parsed.GetValue(offline);
                var material = await session.Output.WithProgressAsync("Reading", progress =>
                    ReadAsync(parsed.GetRequiredValue(source), parsed.GetValue(secret), session, progress));
                var plan = await session.Output.WithProgressAsync("Comparing", async progress =>
                {
                    var state = isOffline ? ServiceState.Unknown : await ServiceState.ReadAsync(session);
                    return await new ImportPlanner(state, parsed.GetValue(minimum), session.Shell.Time).PlanAsync(material, progress, session.Cancellation);
                });
                return await new ImportRun(session, plan, accepted)
                {
                    IsDry = isOffline || parsed.GetValue(dryRun),
                    IsAgreed = parsed.GetValue(yes),
                    ReportFile = parsed.GetValue(report),
                }.RunAsync();
            },
        };
    }

    private static async Task<TykMaterial> ReadAsync(string source, string? secretFile, Session session, ProgressReport progress)
    {
        if (!source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !source.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return source.Contains("://", StringComparison.Ordinal)
                ? throw CommandException.WrongUse($"{source} is no source: name a file, a folder, or an address that begins with http:// or https://.")
                : TykFiles.Read(source);
        }

        if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.UserInfo.Length > 0 || address.Query.Length > 0)
        {
            throw CommandException.WrongUse($"The address is not understood: write scheme, host and port of the gateway, as http://127.0.0.1:8080; its secret goes into {SecretVariable}.");
        }

        string secret = (secretFile is not null ? InputFile.ReadText(secretFile, session.Shell) : session.Shell.Setting(SecretVariable) ?? "").Trim();
        if (secret.Length == 0)
        {
            throw CommandException.WrongUse($"The gateway's secret is missing: put it into {SecretVariable}, or name a file that holds it with --tyk-secret-file.");
        }

        using var gateway = new TykGateway(address, secret);
        return await gateway.ReadAsync(progress, session.Cancellation);
    }

    private static HashSet<string> Accepted(string[] written)
    {
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        foreach (string code in written)
        {
            accepted.Add(EffectCodes.Find(code)
                ?? throw CommandException.WrongUse($"--accept {code}: there is no such difference. There are D1 to D26, {EffectCodes.Times}, {EffectCodes.Lifetime} and {EffectCodes.Api}."));
        }

        return accepted;
    }
}
