using System.CommandLine;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Organizations;

/// <summary>The options that set fields of an organisation; the rest is for files.</summary>
internal sealed class OrganizationFields(bool isUpdate)
{
    private readonly Option<string?> _name = new("--name") { Description = "A name for readers.", HelpName = "TEXT" };
    private readonly LimitOptions _limits = new();
    private readonly Option<string?> _expiry = new("--key-default-expiry") { Description = "When new keys without an expiry expire, as 90d; 0 = never.", HelpName = "TIME" };
    private readonly Option<bool> _inactive = new("--inactive") { Description = "Refuse every key of the organisation." };
    private readonly Option<bool> _active = new("--active") { Description = "Accept its keys again." };

    public IReadOnlyList<Symbol> Symbols => [_name, .. _limits.Symbols, _expiry, _inactive, .. isUpdate ? [_active] : System.Array.Empty<Symbol>()];

    public void Apply(ParseResult parsed, RecordChange<Organization> change)
    {
        if (parsed.GetValue(_name) is { } name)
        {
            change.Set("name", name);
        }

        _limits.Apply(parsed, change);
        if (parsed.GetValue(_expiry) is { } expiry)
        {
            change.Set("key_default_expiry", DurationText.Read(expiry, _expiry.Name).ToDuration());
        }

        bool isInactive = parsed.GetValue(_inactive);
        bool isActive = isUpdate && parsed.GetValue(_active);
        if (isInactive && isActive)
        {
            throw CommandException.WrongUse("Give --active or --inactive, not both.");
        }

        if (isInactive || isActive)
        {
            change.Set("is_inactive", isInactive);
        }
    }
}
