using System.CommandLine;
using Decision.Cli.Failures;
using Decision.Cli.Records;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Keys;

/// <summary>The options that set fields of a key.</summary>
internal sealed class KeyFields(bool isUpdate)
{
    private readonly TextListOptions _policies = new("apply_policies", "policy", "A policy to apply", "POLICY", isUpdate);
    private readonly Option<string?> _organization = new("--org") { Description = "The organisation that owns the key.", HelpName = "ORG" };
    private readonly Option<string?> _alias = new("--alias") { Description = "A name for readers.", HelpName = "TEXT" };
    private readonly TextListOptions _tags = new("tags", "tag", "A tag", "TAG", isUpdate);
    private readonly Option<string?> _expiresIn = new("--expires-in") { Description = "When it expires, from now: 12h, 30d.", HelpName = "TIME" };
    private readonly Option<string?> _expires = new("--expires") { Description = "When it expires: a date or time in UTC, as 2027-01-31 or 2027-01-31T12:00:00Z, or never.", HelpName = "WHEN" };
    private readonly Option<string[]> _metadata = new("--meta") { Description = "Metadata, given back with every verdict; may be repeated; NAME= removes it.", HelpName = "NAME=VALUE" };
    private readonly LimitOptions _limits = new();
    private readonly TextListOptions _addresses = new("allowed_ips", "allow-ip", "An address or network that it may be used from", "CIDR", isUpdate);
    private readonly Option<bool> _inactive = new("--inactive") { Description = "Refuse the key until it is set active." };
    private readonly Option<bool> _active = new("--active") { Description = "Accept the key again." };
    private readonly Option<string?> _enforcement = new("--enforcement") { Description = "enforce, or shadow: count and report, but let through.", HelpName = "WORD" };

    public IReadOnlyList<Symbol> Symbols =>
    [
        .. _policies.Symbols, _organization, _alias, .. _tags.Symbols, _expiresIn, _expires, _metadata, .. _limits.Symbols, .. _addresses.Symbols,
        _inactive, .. isUpdate ? [_active] : System.Array.Empty<Symbol>(), _enforcement,
    ];

    public void Apply(ParseResult parsed, RecordChange<Key> change, TimeProvider time)
    {
        _policies.Apply(parsed, change);
        SetText(parsed, change, _organization, "org_id");
        SetText(parsed, change, _alias, "alias");
        _tags.Apply(parsed, change);
        if (Expiry(parsed, time) is { } expires)
        {
            change.Set("expires", expires);
        }

        SetMetadata(parsed, change);
        _limits.Apply(parsed, change);
        _addresses.Apply(parsed, change);
        SetActive(parsed, change);
        SetText(parsed, change, _enforcement, "enforcement");
    }

    private static void SetText(ParseResult parsed, RecordChange<Key> change, Option<string?> option, string field)
    {
        if (parsed.GetValue(option) is { } text)
        {
            change.Set(field, text);
        }
    }

    private long? Expiry(ParseResult parsed, TimeProvider time)
    {
        string? lasting = parsed.GetValue(_expiresIn);
        string? until = parsed.GetValue(_expires);
        return (lasting, until) switch
        {
            (not null, not null) => throw CommandException.WrongUse("Give --expires-in or --expires, not both."),
            (not null, null) => (time.GetUtcNow() + DurationText.Read(lasting, _expiresIn.Name)).ToUnixTimeSeconds(),
            (null, "never") => -1,
            (null, not null) => DateText.Read(until, _expires.Name).ToUnixTimeSeconds(),
            _ => null,
        };
    }

    private void SetMetadata(ParseResult parsed, RecordChange<Key> change)
    {
        foreach (string pair in parsed.GetValue(_metadata) ?? [])
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw CommandException.WrongUse($"--meta '{pair}' is not understood: write NAME=VALUE.");
            }

            change.Record.MetaData ??= new Struct();
            if (equals == pair.Length - 1)
            {
                change.Record.MetaData.Fields.Remove(pair[..equals]);
            }
            else
            {
                change.Record.MetaData.Fields[pair[..equals]] = Value.ForString(pair[(equals + 1)..]);
            }

            change.Touch("meta_data");
        }
    }

    private void SetActive(ParseResult parsed, RecordChange<Key> change)
    {
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
