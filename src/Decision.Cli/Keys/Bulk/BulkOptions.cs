using System.CommandLine;
using Decision.Cli.Values;

namespace Decision.Cli.Keys.Bulk;

/// <summary>Which keys, and how they are worked on.</summary>
internal sealed class BulkOptions
{
    private const int MostAtOnce = 64;
    private const int DefaultAtOnce = 8;

    private readonly bool _hasPolicy;
    private readonly Option<string?> _organization = Text("--org", "Only keys of this organisation.", "ORG");
    private readonly Option<string?> _policy = Text("--policy", "Only keys that name this policy.", "POLICY");
    private readonly Option<string?> _tag = Text("--tag", "Only keys that carry this tag.", "TAG");
    private readonly Option<string?> _alias = Text("--alias", "Only keys with exactly this alias.", "TEXT");
    private readonly Option<string?> _file = new("--file", "-f")
    {
        Description = "A list of key ids or of keys themselves, one a line, instead of filters; - = standard input. Keys are never printed.", HelpName = "FILE",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say which keys would be changed." };
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = $"How many keys are worked on at once. Default: {DefaultAtOnce}.", HelpName = "N", DefaultValueFactory = _ => DefaultAtOnce,
    };

    /// <param name="hasPolicy">Whether the policy is a filter; not where it is what is changed.</param>
    public BulkOptions(bool hasPolicy = true)
    {
        _hasPolicy = hasPolicy;
        _parallel.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && value is < 1 or > MostAtOnce)
            {
                result.AddError($"--parallel must be 1 to {MostAtOnce}.");
            }
        });
    }

    public IReadOnlyList<Symbol> Symbols => [_organization, .. _hasPolicy ? [_policy] : Array.Empty<Symbol>(), _tag, _alias, _file, _dryRun, _parallel, _yes];

    /// <summary>What was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="policy">The policy that keys must name, where the command knows it.</param>
    public BulkSelection Read(ParseResult parsed, string? policy = null) => new(
        parsed.GetValue(_file),
        parsed.GetValue(_organization),
        policy ?? (_hasPolicy ? parsed.GetValue(_policy) : null),
        parsed.GetValue(_tag),
        parsed.GetValue(_alias),
        parsed.GetValue(_dryRun),
        parsed.GetValue(_yes),
        parsed.GetValue(_parallel));

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };
}
