using System.CommandLine;
using Google.Protobuf;

namespace Decision.Cli.Records;

/// <summary>The options for a list of texts: <c>--tag T</c> sets it; in updates <c>--add-tag T</c> and <c>--remove-tag T</c> change it.</summary>
/// <param name="field">The field of the record.</param>
/// <param name="word">The option's name without dashes.</param>
/// <param name="noun">What one of them is.</param>
/// <param name="helpName">Stands for the value in the help.</param>
/// <param name="isUpdate">Whether the list is there already.</param>
internal sealed class TextListOptions(string field, string word, string noun, string helpName, bool isUpdate)
{
    private readonly Option<string[]> _all = new($"--{word}")
    {
        Description = isUpdate ? $"{noun}; may be repeated; replaces all. \"\" alone = none." : $"{noun}; may be repeated.",
        HelpName = helpName,
    };

    private readonly Option<string[]> _added = new($"--add-{word}") { Description = $"{noun} to add; may be repeated.", HelpName = helpName };
    private readonly Option<string[]> _removed = new($"--remove-{word}") { Description = $"{noun} to remove; may be repeated.", HelpName = helpName };

    public IReadOnlyList<Symbol> Symbols => isUpdate ? [_all, _added, _removed] : [_all];

    public void Apply<T>(ParseResult parsed, RecordChange<T> change)
        where T : IMessage<T>
    {
        string[] all = parsed.GetValue(_all) ?? [];
        if (all.Length > 0)
        {
            change.SetAll(field, all.Where(value => value.Length > 0));
        }

        string[] added = isUpdate ? parsed.GetValue(_added) ?? [] : [];
        string[] removed = isUpdate ? parsed.GetValue(_removed) ?? [] : [];
        if (added.Length + removed.Length > 0)
        {
            change.SetAll(field, change.Texts(field).Concat(added).Distinct(StringComparer.Ordinal).Except(removed, StringComparer.Ordinal));
        }
    }
}
