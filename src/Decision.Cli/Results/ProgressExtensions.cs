using Spectre.Console;

namespace Decision.Cli.Results;

/// <summary>A bar for long work, on the error stream of a terminal.</summary>
internal static class ProgressExtensions
{
    /// <summary>Runs work under a bar that goes when it is done.</summary>
    /// <param name="output">The output; it knows whether somebody looks.</param>
    /// <param name="title">What is done, as <c>Reading keys</c>.</param>
    /// <param name="work">The work.</param>
    public static Task<T> WithProgressAsync<T>(this Output output, string title, Func<ProgressReport, Task<T>> work) => output.ShowsProgress
        ? output.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new ProgressReport(context.AddTask(title))))
        : work(new ProgressReport(null));
}
