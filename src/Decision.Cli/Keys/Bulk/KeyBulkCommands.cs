using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys.Bulk;

/// <summary>Changes for many keys at once. Each is done again without harm, so a run that was cut short is simply repeated.</summary>
internal static class KeyBulkCommands
{
    public static Command Create(Shell shell) => CommandGroup.Create(
        "bulk",
        "The same change for many keys, chosen by filters or by a list of ids or key texts.",
        KeyBulkMoveCommand.Create(shell),
        KeyBulkTagCommand.Create(shell),
        KeyBulkSwitchCommand.Create(shell, isEnabling: false),
        KeyBulkSwitchCommand.Create(shell, isEnabling: true),
        KeyBulkDeleteCommand.Create(shell));

    /// <summary>A change of some fields; null = the key is as it shall be.</summary>
    /// <param name="key">The key as it is stored.</param>
    /// <param name="field">The one field that is changed.</param>
    /// <param name="change">Changes it in a copy.</param>
    public static UpdateKeyRequest? Update(Key key, string field, Action<Key> change)
    {
        var next = key.Clone();
        change(next);
        return next.Equals(key) ? null : new UpdateKeyRequest { Key = next, UpdateMask = new() { Paths = { field } } };
    }
}
