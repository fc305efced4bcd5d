using Decision.Console.Access;
using Decision.Console.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Decision.Console.Components.Shared;

/// <summary>What every page does: acts as whoever looks at it, and shows what failed instead of failing itself.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    /// <summary>Whoever looks at it.</summary>
    [Inject]
    protected ConsoleUser User { get; set; } = null!;

    /// <summary>Addresses.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ILogger<ConsolePage> Log { get; set; } = null!;

    /// <summary>What failed last; null = nothing.</summary>
    protected PageProblem? Problem { get; set; }

    /// <summary>Whether something runs that the person waits for.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>Ends what runs when the page is left.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    /// <summary>Does something; what fails is <see cref="Problem"/>.</summary>
    /// <param name="action">The action, as the audit log calls it.</param>
    /// <param name="objectId">What it is about; empty = nothing single.</param>
    /// <param name="call">Does it.</param>
    /// <returns>Whether it was done.</returns>
    protected Task<bool> TryAsync(string action, string objectId, Func<Task> call) =>
        TryAsync(action, () => User.RunAsync(action, objectId, async () =>
        {
            await call();
            return true;
        }));

    /// <summary>Reads what is in memory, also while the store fails; what fails is <see cref="Problem"/>.</summary>
    protected Task<bool> TryLookAsync(string action, Func<Task> call) =>
        TryAsync(action, () => User.LookAsync(action, async () =>
        {
            await call();
            return true;
        }));

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The page is left.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Not disposed of: what runs still asks it.
            _leaving.Cancel();
        }
    }

    private async Task<bool> TryAsync(string action, Func<Task> call)
    {
        IsBusy = true;
        StateHasChanged();
        try
        {
            await call();
            Problem = null;
            return true;
        }
        catch (SessionEndedException)
        {
            Navigation.NavigateTo("sign-in", forceLoad: true);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception exception) when (PageProblem.Of(exception) is { } problem)
        {
            if (exception is Runtime.Stores.StoreException)
            {
                ConsoleLog.StoreFailed(Log, action, exception.Message);
            }

            Problem = problem;
        }
        catch (Exception exception)
        {
            ConsoleLog.PageFailed(Log, action, exception);
            Problem = new PageProblem("The server failed", ["Its log says why. Try again, or load the page again."]);
        }
        finally
        {
            IsBusy = false;
            if (!_leaving.IsCancellationRequested)
            {
                StateHasChanged();
            }
        }

        return false;
    }
}
