using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Keys;

internal static class KeyRotateCommand
{
    public static Command Create(Shell shell)
    {
        var id = KeyCommands.IdArgument();
        var overlap = new Option<string?>("--overlap") { Description = "How long the old secret is accepted too, as 24h. Default: not at all.", HelpName = "TIME" };
        var etag = CommonOptions.Etag();
        return new CliCommand(shell, "rotate", "Gives a key a new secret; its id, limits, counters and expiry stay.")
        {
            Symbols = [id, overlap, etag],
            Examples = ["decisionctl key rotate 6y7ThcHXxq2mCgvN --overlap 24h", "KEY=$(decisionctl key rotate 6y7ThcHXxq2mCgvN --overlap 1h --quiet)"],
            Runs = async (parsed, session) =>
            {
                var request = new RotateKeyRequest { KeyId = parsed.GetRequiredValue(id), Etag = parsed.GetValue(etag) ?? "" };
                if (parsed.GetValue(overlap) is { } text)
                {
                    request.Overlap = DurationText.Read(text, overlap.Name).ToDuration();
                }

                var rotated = await session.Keys.RotateKeyAsync(request);
                string old = rotated.PreviousValidUntil is { } until ? $"accepted until {TimeText.Write(until)} ({TimeText.FromNow(until, shell.Time)})" : "refused from now on";
                session.Output.Show(
                    rotated,
                    () => [rotated.ApiKey],
                    console => console.Write(Tables.Fields(("api key", rotated.ApiKey), ("key id", rotated.KeyId), ("old secret", old))));
                session.Output.Note("The new secret is shown this one time: keep it now.");
                return ExitCode.Done;
            },
        };
    }
}
