using System.Diagnostics;
using Decision.Cli.Tests.Support;
using Decision.TestKit.Processes;
using Decision.TestKit.Redis;

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
    [InlineData("decisionctl key create --policy=mont", "--policy=monthly-quota")]
    [InlineData("decisionctl status --output=j", "--output=json")]
    public async Task Complete_line_suggests_what_fits(string line, string expected) =>
        Assert.Contains(expected, (await Tool.RunAsync(server, "complete", "--", line)).Expect(ExitCode.Done).Lines);

    [Theory]
    [InlineData("decisionctl policy get ")]
    [InlineData("decisionctl authorize --key ")]
    public async Task Complete_without_service_suggests_nothing_and_fails_not(string line) =>
        Assert.Empty((await new Tool { Environment = new Dictionary<string, string> { ["DECISION_ADDRESS"] = "http://127.0.0.1:1" } }
            .RunAsync("complete", "--", line)).Expect(ExitCode.Done).Out);

    // As bash calls it: the words are cut at = and :, and what is completed is the second argument.
    [Theory]
    [InlineData("decisionctl policy get mon", "mon", "monthly-quota")]
    [InlineData("decisionctl key create --policy=mon", "mon", "monthly-quota")]
    public async Task Completion_of_bash_completes_a_command_in_bash(string line, string word, string expected)
    {
        string printed = await RunAsync("bash", $$"""
            source <(decisionctl completion bash)
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            _decisionctl decisionctl '{{word}}' before; printf '%s\n' "${COMPREPLY[@]}"
            """);

        Assert.Equal(expected + "\n", printed);
    }

    [Fact]
    public async Task Completion_of_bash_runs_nothing_that_a_service_suggests()
    {
        string printed = await RunAsync("bash", """
            source <(decisionctl completion bash)
            decisionctl() { echo 'team:$(touch hacked)'; }
            COMP_LINE='decisionctl policy get team:'; COMP_POINT=${#COMP_LINE}
            _decisionctl decisionctl '' before; printf '%s\n' "${COMPREPLY[@]}"
            ls
            """);

        Assert.Equal("\\$\\(touch\\ hacked\\)\ndecisionctl\n", printed);
    }

    // A terminal of its own, in which Tab is pressed.
    [Theory]
    [InlineData("source <(decisionctl completion zsh)")]
    [InlineData("decisionctl completion zsh > _decisionctl; fpath=($PWD $fpath); compinit -u -D")]
    public async Task Completion_of_zsh_completes_a_command_in_zsh(string loaded)
    {
        DebianPackage.Require("zsh");

        string printed = await RunAsync("zsh", $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; {{loaded}}; echo load""ed'
            zpty -r shell seen '*loaded*'
            zpty -w -n shell $'decisionctl policy get mon\t'
            zpty -r shell seen '*thly-quota*'
            print -r -- completed
            """);

        Assert.Equal("completed\n", printed);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _decisionctl decisionctl")]
    [InlineData("zsh", "#compdef decisionctl")]
    [InlineData("fish", "complete -c decisionctl")]
    public async Task Completion_prints_a_script_for_each_shell(string shell, string expected) =>
        Assert.Contains(expected, (await new Tool().RunAsync("completion", shell)).Expect(ExitCode.Done).Out, StringComparison.Ordinal);

    // In a folder of its own, with the tool on the path.
    private async Task<string> RunAsync(string shell, string script)
    {
        string folder = Directory.CreateTempSubdirectory("decisionctl-shell-").FullName;
        try
        {
            string tool = Path.Combine(folder, "decisionctl");
            await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "decisionctl.dll")} \"$@\"\n");
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var start = new ProcessStartInfo(shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
            start.Environment["PATH"] = $"{folder}:{start.Environment["PATH"]}";
            start.Environment["DECISION_ADDRESS"] = server.Address;
            start.Environment["DECISION_ADMIN_SECRET"] = LiveServer.Secret;
            start.Environment["DECISION_COMPLETION_TIMEOUT"] = "2m";
            using var process = ChildProcesses.StartGroup(start);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string printed = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

            Assert.Empty(await errors);
            return printed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
