using System.CommandLine;
using System.Globalization;
using Decision.Cli.Authorize;
using Decision.Cli.Commands;
using Decision.Cli.Results;

namespace Decision.Cli.Bench;

internal static class BenchCommand
{
    public static Command Create(Shell shell)
    {
        var request = new RequestOptions();
        var bounds = new BenchOptions();
        var spend = new Option<bool>("--spend") { Description = "Spend on the key's limits. Default: peek, which decides and spends nothing." };
        return new CliCommand(shell, "bench", "Asks for one decision again and again, and tells how fast the answers come.")
        {
            Symbols = [.. request.Symbols, .. bounds.Symbols, spend],
            Examples =
            [
                "decisionctl bench --api orders --path /orders/1 --key $KEY",
                "decisionctl bench --api orders --path /orders/1 --key $KEY -c 32 --seconds 10",
                "decisionctl bench --api orders --path /orders/1 --key $KEY --count 100 --spend",
            ],
            Runs = async (parsed, session) =>
            {
                var limits = bounds.Read(parsed);
                var asked = request.Read(parsed, shell);

                // Once with the usual care: what is wrong with the request or the address is told as by authorize.
                asked.Peek = true;
                await session.Authorize.AuthorizeAsync(asked);
                asked.Peek = !parsed.GetValue(spend);
                session.Output.Note(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Asking {limits.Bound}, {limits.Concurrency} at a time{(asked.Peek ? ", spending nothing" : "")}. Ctrl+C ends it."));
                var run = new BenchRun(session.Authorize, asked, limits, shell.Time);
                var (result, elapsed) = await session.Output.WithProgressAsync(
                    asked.Peek ? "Asking, spending nothing" : "Asking and spending", progress => run.RunAsync(progress, session.Cancellation));
                session.Output.Show(
                    () => result.Json(elapsed),
                    () => [result.PerSecond(elapsed).ToString("0", CultureInfo.InvariantCulture)],
                    console => result.Show(console, elapsed));
                return session.Cancellation.IsCancellationRequested ? ExitCode.Interrupted
                    : result.Failures > 0 ? ExitCode.ServiceFailed
                    : ExitCode.Done;
            },
        };
    }
}
