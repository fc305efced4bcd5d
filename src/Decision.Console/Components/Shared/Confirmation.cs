using MudBlazor;

namespace Decision.Console.Components.Shared;

/// <summary>Asks a person before something is done.</summary>
public static class Confirmation
{
    /// <summary>Asks.</summary>
    /// <param name="dialogs">Where dialogs are shown.</param>
    /// <param name="title">The question.</param>
    /// <param name="text">What will happen.</param>
    /// <param name="action">The name of what is done.</param>
    /// <param name="isDangerous">Whether it cannot be undone.</param>
    /// <param name="typed">What must be typed first; empty = nothing.</param>
    /// <param name="option">Something that may be chosen with it; empty = nothing.</param>
    /// <returns>Null = it is not to be done; else whether the option was chosen.</returns>
    public static async Task<bool?> ConfirmAsync(
        this IDialogService dialogs, string title, string text, string action, bool isDangerous = false, string typed = "", string option = "")
    {
        ArgumentNullException.ThrowIfNull(dialogs);
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, new DialogParameters<ConfirmDialog>
        {
            { one => one.Title, title },
            { one => one.Text, text },
            { one => one.Action, action },
            { one => one.IsDangerous, isDangerous },
            { one => one.Typed, typed },
            { one => one.Option, option },
        });
        var result = await dialog.Result;
        return result is { Canceled: false, Data: bool isChosen } ? isChosen : null;
    }
}
