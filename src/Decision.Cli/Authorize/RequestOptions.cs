using System.CommandLine;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Contracts.V1;

namespace Decision.Cli.Authorize;

/// <summary>The options that describe a request to decide about.</summary>
internal sealed class RequestOptions
{
    public const string KeyVariable = "DECISION_API_KEY";

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"The key that the client presents. Others may see a command line: better {KeyVariable} or --key-file. None = as a client without a key.",
        HelpName = "KEY",
    };

    private readonly Option<string?> _keyFile = new("--key-file") { Description = "A file with the key; - = standard input.", HelpName = "FILE" };
    private readonly Option<string?> _api = new("--api") { Description = "The API, by its id.", HelpName = "API" };
    private readonly Option<string?> _host = new("--host") { Description = "The host asked for; the API is found by it and the path, in the registry.", HelpName = "HOST" };
    private readonly Option<string> _method = new("--method", "-X") { Description = "The HTTP method.", HelpName = "METHOD", DefaultValueFactory = _ => "GET" };
    private readonly Option<string> _path = new("--path") { Description = "The path as the client sent it, with the listen path.", HelpName = "PATH", DefaultValueFactory = _ => "/" };
    private readonly Option<string?> _version = new("--version") { Description = "The version of the API asked for.", HelpName = "VERSION" };
    private readonly Option<long> _cost = new("--cost") { Description = "What the request counts for. Default: 1.", HelpName = "N" };
    private readonly Option<string?> _clientIp = new("--client-ip") { Description = "The client's address.", HelpName = "ADDRESS" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header of the request, for signatures; may be repeated.", HelpName = "NAME: VALUE" };
    private readonly Option<int?> _depth = new("--query-depth") { Description = "The depth of a GraphQL query.", HelpName = "N" };
    private readonly Option<string?> _organization = new("--org") { Description = "The organisation that the key must belong to.", HelpName = "ORG" };

    public IReadOnlyList<Symbol> Symbols =>
        [_key, _keyFile, _api, _host, _method, _path, _version, _cost, _clientIp, _headers, _depth, _organization];

    /// <summary>The request that is described.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="shell">The environment.</param>
    /// <param name="isKeyNamed">Whether the key is named otherwise: then one in the environment does not count.</param>
    /// <exception cref="CommandException">Something is missing or malformed.</exception>
    public AuthorizeRequest Read(ParseResult parsed, Shell shell, bool isKeyNamed = false)
    {
        if (isKeyNamed && (parsed.GetValue(_key) ?? parsed.GetValue(_keyFile)) is not null)
        {
            throw CommandException.WrongUse("Give --key-id, or the key itself with --key or --key-file, not both.");
        }

        var request = new AuthorizeRequest
        {
            ApiKey = isKeyNamed ? "" : ReadKey(parsed, shell),
            ApiId = parsed.GetValue(_api) ?? "",
            Host = parsed.GetValue(_host) ?? "",
            Method = parsed.GetValue(_method)!,
            Path = parsed.GetValue(_path)!,
            ApiVersion = parsed.GetValue(_version) ?? "",
            Cost = parsed.GetValue(_cost),
            ClientIp = parsed.GetValue(_clientIp) ?? "",
            OrganizationId = parsed.GetValue(_organization) ?? "",
        };
        if (request.ApiId.Length + request.Host.Length == 0)
        {
            throw CommandException.WrongUse("Which API is it for? Give --api, or --host with --path.");
        }

        if (parsed.GetValue(_depth) is { } depth)
        {
            request.QueryDepth = depth;
        }

        foreach (string header in parsed.GetValue(_headers) ?? [])
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                throw CommandException.WrongUse($"--header '{header}' is not understood: write 'Name: value'.");
            }

            request.Headers.Add(new Header { Name = header[..colon].Trim(), Value = header[(colon + 1)..].Trim() });
        }

        return request;
    }

    private string ReadKey(ParseResult parsed, Shell shell) =>
        (parsed.GetValue(_key), parsed.GetValue(_keyFile)) switch
        {
            (not null, not null) => throw CommandException.WrongUse("Give --key or --key-file, not both."),
            ({ } key, null) => key,
            (null, { } file) => InputFile.ReadText(file, shell).Trim(),
            _ => shell.Setting(KeyVariable) ?? "",
        };
}
