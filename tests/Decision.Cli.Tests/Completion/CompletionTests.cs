using System.Diagnostics;
using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Completion;

/// <summary>What Tab gives.</summary>
public sealed class CompletionTests(LiveServer server)
{
    [Theory]
    [InlineData("decisionctl pol", "policy")]
    [InlineData("decisionctl policy en", "enable")]
    [InlineData("/usr/bin/decisionctl key create --expires-", "--expires-in")]
    [InlineData("decisionctl policy get to", "tour")]
    [InlineData("decisionctl key create --policy mont", "monthly-quota")]
    [InlineData("decisionctl authorize --api rep", "reports")]
    [InlineData("decisionctl status -o j", "json")]
    public async Task Complete_line_suggests_what_fits(string line, string expected) =>
        Assert.Contains(expected, (await Tool.RunAsync(server, "complete", "--", line)).Expect(ExitCode.Done).Lines);

    [Theory]
    [InlineData("decisionctl policy get ")]
    [InlineData("decisionctl authorize --key ")]
    public async Task Complete_without_service_suggests_nothing_and_fails_not(string line) =>
        Assert.Empty((await new Tool { Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = "http://127.0.0.1:1" } }
            .RunAsync("complete", "--", line)).Expect(ExitCode.Done).Out);

    [Fact]
    public async Task Completion_of_bash_completes_a_command_in_bash()
    {
        string folder = Directory.CreateTempSubdirectory("decisionctl-bash-").FullName;
        try
        {
            string tool = Path.Combine(folder, "decisionctl");
            await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "decisionctl.dll")} \"$@\"\n");
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            string script = """
                PATH="$1:$PATH"; source <(decisionctl completion bash)
                COMP_LINE="decisionctl policy get mon"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(decisionctl policy get mon); COMP_CWORD=3
                _decisionctl; printf '%s\n' "${COMPREPLY[@]}"
                """;
            var start = new ProcessStartInfo("bash", ["-c", script, "bash", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["DECISION_ADDRESS"] = server.Address;
            start.Environment["DECISION_ADMIN_SECRET"] = LiveServer.Secret;
            start.Environment["DECISION_COMPLETION_TIMEOUT"] = "2m";
            using var bash = Process.Start(start)!;
            string errors = await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

            Assert.Equal("monthly-quota\n", await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            Assert.Empty(errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _decisionctl decisionctl")]
    [InlineData("zsh", "#compdef decisionctl")]
    [InlineData("fish", "complete -c decisionctl")]
    public async Task Completion_prints_a_script_for_each_shell(string shell, string expected) =>
        Assert.Contains(expected, (await new Tool().RunAsync("completion", shell)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);
}
