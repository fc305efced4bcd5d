using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys.Bulk;

internal static class KeyBulkTagCommand
{
    public static Command Create(Shell shell)
    {
        var add = new Option<string[]>("--add") { Description = "A tag that they get. Can be repeated.", HelpName = "TAG" };
        var remove = new Option<string[]>("--remove") { Description = "A tag that they lose. Can be repeated.", HelpName = "TAG" };
        var options = new BulkOptions();
        return new CliCommand(shell, "tag", "Adds tags to keys, and takes tags away.")
        {
            Symbols = [add, remove, .. options.Symbols],
            Examples =
            [
                "decisionctl key bulk tag --add beta --policy gold --org acme",
                "decisionctl key bulk tag --add partner --remove trial --tag trial --yes",
                "decisionctl key bulk tag --add leaked -f leaked.txt --dry-run",
            ],
            Runs = async (parsed, session) =>
            {
                string[] added = parsed.GetValue(add) ?? [];
                string[] removed = parsed.GetValue(remove) ?? [];
                if (added.Length + removed.Length == 0)
                {
                    throw CommandException.WrongUse("Say which tags: by --add, --remove or both.");
                }

                if (added.Intersect(removed, StringComparer.Ordinal).FirstOrDefault() is { } both)
                {
                    throw CommandException.WrongUse($"The tag {both} cannot be both added and removed.");
                }

                return await new BulkRun(session, options.Read(parsed)).DoAsync(
                    "tag",
                    key => Tagged(key, added, removed) is not null,
                    async key =>
                    {
                        if (Tagged(key, added, removed) is not { } request)
                        {
                            return false;
                        }

                        await session.Keys.UpdateKeyAsync(request);
                        return true;
                    });
            },
        };
    }

    private static UpdateKeyRequest? Tagged(Key key, string[] added, string[] removed) => KeyBulkCommands.Update(key, "tags", next =>
    {
        string[] tags = [.. next.Tags.Except(removed, StringComparer.Ordinal).Union(added, StringComparer.Ordinal)];
        if (!next.Tags.ToHashSet(StringComparer.Ordinal).SetEquals(tags))
        {
            next.Tags.Clear();
            next.Tags.AddRange(tags);
        }
    });
}
