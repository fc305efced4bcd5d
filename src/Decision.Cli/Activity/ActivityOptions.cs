using System.CommandLine;

namespace Decision.Cli.Activity;

/// <summary>Options that the commands about what happens share.</summary>
internal static class ActivityOptions
{
    public static Option<string?> Organization(string description) => new("--org") { Description = description, HelpName = "ORG" };

    public static Option<string?> Policy(string description) => new("--policy") { Description = description, HelpName = "POLICY" };

    public static Option<string?> Api(string description) => new("--api") { Description = description, HelpName = "API" };

    /// <summary>How many, from 1 on.</summary>
    public static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && value < 1)
            {
                result.AddError($"{name} must be 1 or more.");
            }
        });
        return option;
    }
}
