using System.CommandLine;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys;

/// <summary>The options that choose keys; all that are given must match.</summary>
internal sealed class KeyFilter
{
    private readonly Option<string?> _organization = new("--org") { Description = "Only keys of this organisation.", HelpName = "ORG" };
    private readonly Option<string?> _policy = new("--policy") { Description = "Only keys that name this policy.", HelpName = "POLICY" };
    private readonly Option<string?> _tag = new("--tag") { Description = "Only keys that carry this tag.", HelpName = "TAG" };
    private readonly Option<string?> _alias = new("--alias") { Description = "Only keys with exactly this alias.", HelpName = "TEXT" };

    public IReadOnlyList<Symbol> Symbols => [_organization, _policy, _tag, _alias];

    /// <summary>The request for a page, without its size and token.</summary>
    public ListKeysRequest Request(ParseResult parsed)
    {
        var request = new ListKeysRequest
        {
            PolicyId = parsed.GetValue(_policy) ?? "",
            Tag = parsed.GetValue(_tag) ?? "",
            Alias = parsed.GetValue(_alias) ?? "",
        };
        if (parsed.GetValue(_organization) is { } organization)
        {
            request.OrganizationId = organization;
        }

        return request;
    }
}
