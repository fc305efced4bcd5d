using System.Diagnostics;
using Decision.TestKit.Processes;

namespace Decision.Cli.Tests.Support;

/// <summary>What becomes of the servers of a test run that is killed.</summary>
public class ChildProcessesTests
{
    [Fact]
    public async Task End_of_the_tests_ends_a_process()
    {
        var children = new ChildProcesses();
        using var child = children.Begin(new ProcessStartInfo("sleep", ["1000"]));

        children.Dispose();

        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, child.ExitCode);
    }

    // The output ends when nobody has it any more: neither the shell nor what it left in the background.
    [Theory]
    [InlineData("sleep 1000 & echo begun; wait")]
    [InlineData("sleep 1000 & echo begun")]
    [InlineData("(sleep 1000 & wait) & echo begun; wait")]
    public async Task End_of_the_tests_ends_a_group_with_what_it_left_behind(string script)
    {
        var children = new ChildProcesses();
        using var child = children.BeginGroup(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true });
        Assert.Equal("begun", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        children.Dispose();

        Assert.Equal("", await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task KillGroup_ends_it_before()
    {
        using var child = ChildProcesses.StartGroup(new ProcessStartInfo("bash", ["-c", "sleep 1000 & echo begun; wait"]) { RedirectStandardOutput = true });
        Assert.Equal("begun", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        ChildProcesses.KillGroup(child);

        Assert.Equal("", await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
