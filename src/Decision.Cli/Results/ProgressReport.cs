using Spectre.Console;

namespace Decision.Cli.Results;

/// <summary>Tells how far long work is; nothing where nobody looks.</summary>
internal sealed class ProgressReport(ProgressTask? task)
{
    /// <summary>Tells how much is done.</summary>
    /// <param name="done">What is done.</param>
    /// <param name="total">What there is; 0 = not known yet.</param>
    public void Report(double done, double total)
    {
        if (task is null)
        {
            return;
        }

        task.IsIndeterminate = total <= 0;
        task.MaxValue = Math.Max(total, 1);
        task.Value = done;
    }
}
