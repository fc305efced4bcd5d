using System.CommandLine;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies.Apply;

/// <summary>The options that say what the policies are to be, the same for applying and for comparing.</summary>
internal sealed class WantedOptions
{
    private readonly Option<string[]> _files = PolicySources.Option();
    private readonly Option<string?> _organization = new("--org")
    {
        Description = "Only policies of this organisation: others in the files are refused, and not pruned.", HelpName = "ORG",
    };

    private readonly Option<bool> _prune = new("--prune") { Description = "Also remove policies of the store that are in no file." };
    private readonly Option<long?> _maxKeys = new("--max-keys")
    {
        Description = "The most keys to look at for the effect; 0 = none. Default: 100000.", HelpName = "N",
    };

    public WantedOptions() => _maxKeys.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && long.TryParse(token.Value, out long value) && value < 0)
        {
            result.AddError("--max-keys must be 0 or more.");
        }
    });

    public IReadOnlyList<Symbol> Symbols => [_files, _organization, _prune, _maxKeys];

    /// <summary>Reads the files, and makes the request of them.</summary>
    public PreviewPoliciesRequest Read(ParseResult parsed, Session session)
    {
        var wanted = new WantedPolicies { Prune = parsed.GetValue(_prune) };
        wanted.Policies.AddRange(PolicySources.Read(parsed.GetValue(_files) ?? [], session));
        if (parsed.GetValue(_organization) is { } organization)
        {
            wanted.OrganizationId = organization;
        }

        var request = new PreviewPoliciesRequest { Wanted = wanted };
        if (parsed.GetValue(_maxKeys) is { } most)
        {
            request.MaxKeys = most;
        }

        return request;
    }
}
