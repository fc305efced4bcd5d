using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Keys.Bulk;

internal static class KeyBulkSwitchCommand
{
    public static Command Create(Shell shell, bool isEnabling)
    {
        string verb = isEnabling ? "enable" : "disable";
        var options = new BulkOptions();
        return new CliCommand(
            shell, verb, isEnabling ? "Lets keys be used again that were switched off." : "Switches keys off: they are refused, and can be switched on again.")
        {
            Symbols = options.Symbols,
            Examples = isEnabling
                ? ["decisionctl key bulk enable -f cleared.txt", "decisionctl key bulk enable --tag suspended --org acme --yes"]
                : ["decisionctl key bulk disable -f leaked.txt --dry-run", "decisionctl key bulk disable -f leaked.txt --yes", "decisionctl key bulk disable --org acme --tag partner"],
            Runs = (parsed, session) => new BulkRun(session, options.Read(parsed)).DoAsync(
                verb,
                key => key.IsInactive == isEnabling,
                async key =>
                {
                    if (KeyBulkCommands.Update(key, "is_inactive", next => next.IsInactive = !isEnabling) is not { } request)
                    {
                        return false;
                    }

                    await session.Keys.UpdateKeyAsync(request);
                    return true;
                }),
        };
    }
}
