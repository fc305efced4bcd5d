using System.CommandLine;

namespace Decision.Cli.Commands;

/// <summary>Commands about one thing, as <c>decisionctl key ...</c>.</summary>
internal static class CommandGroup
{
    public static Command Create(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        return group;
    }
}
