using System.CommandLine;
using Decision.Cli.Records;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Apis;

/// <summary>The options that set fields of an API; the rest is for files.</summary>
internal sealed class ApiFields(bool isUpdate)
{
    private readonly Option<string?> _name = new("--name") { Description = "A name for readers.", HelpName = "TEXT" };
    private readonly Option<string?> _organization = new("--org") { Description = "The organisation that owns the API.", HelpName = "ORG" };
    private readonly Option<string?> _listenPath = new("--listen-path") { Description = "The path that it is found under, as /orders/.", HelpName = "PATH" };
    private readonly TextListOptions _hosts = new("hosts", "host", "A host name that it is found under", "HOST", isUpdate);
    private readonly TextListOptions _versions = new("versions", "api-version", "A version", "VERSION", isUpdate);
    private readonly Option<string?> _defaultVersion = new("--default-version") { Description = "The version of requests that name none.", HelpName = "VERSION" };
    private readonly LimitOptions _limits = new(hasQuota: false);
    private readonly Option<string?> _header = new("--key-header") { Description = "The header that carries the key.", HelpName = "NAME" };
    private readonly Option<string?> _query = new("--key-query") { Description = "The query parameter that carries the key.", HelpName = "NAME" };
    private readonly Option<string?> _cookie = new("--key-cookie") { Description = "The cookie that carries the key.", HelpName = "NAME" };

    public IReadOnlyList<Symbol> Symbols =>
        [_name, _organization, _listenPath, .. _hosts.Symbols, .. _versions.Symbols, _defaultVersion, .. _limits.Symbols, _header, _query, _cookie];

    public void Apply(ParseResult parsed, RecordChange<Api> change)
    {
        SetText(parsed, change, _name, "name");
        SetText(parsed, change, _organization, "organization_id");
        SetText(parsed, change, _listenPath, "listen_path");
        _hosts.Apply(parsed, change);
        _versions.Apply(parsed, change);
        SetText(parsed, change, _defaultVersion, "default_version");
        _limits.Apply(parsed, change);
        var places = (parsed.GetValue(_header), parsed.GetValue(_query), parsed.GetValue(_cookie));
        if (places is not (null, null, null))
        {
            var auth = change.Record.Auth ?? new ApiAuthentication();
            change.Set("auth", new ApiAuthentication
            {
                Header = places.Item1 ?? auth.Header,
                QueryParameter = places.Item2 ?? auth.QueryParameter,
                Cookie = places.Item3 ?? auth.Cookie,
            });
        }
    }

    private static void SetText(ParseResult parsed, RecordChange<Api> change, Option<string?> option, string field)
    {
        if (parsed.GetValue(option) is { } text)
        {
            change.Set(field, text);
        }
    }
}
