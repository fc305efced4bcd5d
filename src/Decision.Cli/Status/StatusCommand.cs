using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Status;

internal static class StatusCommand
{
    public static Command Create(Shell shell)
    {
        var http = new Option<string?>("--http")
        {
            Description = "Also ask /healthz/ready for every part. Default address: the same host, port 8088.",
            HelpName = "URL",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new CliCommand(shell, "status", "Tells whether the service answers, and what it holds.")
        {
            Symbols = [http],
            Examples = ["decisionctl status", "decisionctl status --http", "decisionctl status --http http://127.0.0.1:8088 --output json"],
            Runs = async (parsed, session) =>
            {
                var report = await StatusReport.ReadAsync(session);
                if (parsed.GetResult(http) is not null)
                {
                    report.Ready = await Readiness.ReadAsync(parsed.GetValue(http), session);
                }

                session.Output.Show(report.Json, () => [report.Health], report.Show);
                return report.IsServing ? ExitCode.Done : ExitCode.ServiceFailed;
            },
        };
    }
}
