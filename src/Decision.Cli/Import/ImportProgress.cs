using System.Globalization;
using Spectre.Console;

namespace Decision.Cli.Import;

/// <summary>Shows how far long work has come, where somebody sees it.</summary>
internal sealed class ImportProgress(Session session)
{
    /// <summary>Runs work that tells how much there is and how much is done.</summary>
    public async Task<T> ShowAsync<T>(string name, Func<Action<int, int>, Task<T>> work)
    {
        if (!session.Output.ShowsProgress)
        {
            return await work(static (_, _) => { });
        }

        return await session.Output.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(name, autoStart: true, maxValue: 1);
                return await work((total, done) =>
                {
                    task.MaxValue = Math.Max(total, 1);
                    task.Value = done;
                    task.Description = string.Create(CultureInfo.InvariantCulture, $"{name} {done}/{total}");
                });
            });
    }
}
