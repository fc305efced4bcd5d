using System.Net;
using System.Text.Json;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;

namespace Decision.Cli.Import.Reading;

/// <summary>Reads a running Tyk gateway over its REST API. It is only asked, never changed.</summary>
internal sealed class TykGateway : IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <summary>Asks a gateway.</summary>
    /// <param name="address">Its address, such as <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="secret">Its <c>secret</c>.</param>
    public TykGateway(Uri address, string secret)
    {
        _address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout };
        _http.DefaultRequestHeaders.Add("x-tyk-authorization", secret);
    }

    /// <summary>Reads everything.</summary>
    /// <param name="progress">Told how many keys there are and were read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CommandException">The gateway cannot be reached, refuses the secret, or answers what is not understood.</exception>
    public async Task<TykMaterial> ReadAsync(ProgressReport progress, CancellationToken cancellation)
    {
        var material = new TykMaterial();
        await ReadPoliciesAsync(material, cancellation);
        await ReadApisAsync(material, cancellation);
        await ReadKeysAsync(material, progress, cancellation);
        await NoteOrganizationsAsync(material, cancellation);
        return material;
    }

    public void Dispose() => _http.Dispose();

    private async Task ReadPoliciesAsync(TykMaterial material, CancellationToken cancellation)
    {
        const string Path = "tyk/policies";
        var (status, body) = await GetAsync(Path, cancellation);
        if (status != HttpStatusCode.OK)
        {
            throw Unexpected(Path, status, body);
        }

        if (Parse(Path, body).ValueKind == JsonValueKind.Null)
        {
            return;
        }

        material.Add(Sources.PolicyFile.Read(body, "GET /" + Path, material.PolicyFindings, UrlMatching.Segments), "GET /" + Path);
    }

    private async Task ReadApisAsync(TykMaterial material, CancellationToken cancellation)
    {
        const string Path = "tyk/apis";
        var (status, body) = await GetAsync(Path, cancellation);
        if (status != HttpStatusCode.OK)
        {
            material.LeftOut.Add($"API definitions: GET /{Path} answered {(int)status}. Import their files apart.");
            return;
        }

        var apis = Parse(Path, body);
        material.Apis.AddRange(apis.ValueKind switch
        {
            JsonValueKind.Array => apis.EnumerateArray().Select(static api => new TykApi("GET /" + Path, api)),
            JsonValueKind.Null => [],
            _ => throw Unexpected(Path, status, body),
        });
    }

    private async Task ReadKeysAsync(TykMaterial material, ProgressReport progress, CancellationToken cancellation)
    {
        const string Path = "tyk/keys";
        var (status, body) = await GetAsync(Path, cancellation);
        if (status == HttpStatusCode.NotFound)
        {
            material.LeftOut.Add($"Keys: the gateway does not list them ({MessageOf(body)}). Set enable_hashed_keys_listing there, or give an export of keys.");
            return;
        }

        if (status != HttpStatusCode.OK)
        {
            throw Unexpected(Path, status, body);
        }

        // A list without anything in it is null, as Go writes it.
        string[] names = Parse(Path, body).At("keys") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } keys => [.. keys.EnumerateArray().Select(static key => key.ToString())],
            _ => throw Unexpected(Path, status, body),
        };
        bool isHashed = names.Length > 0 && await IsHashedAsync(names[0], cancellation);
        var read = new TykKey?[names.Length];
        var failed = new string?[names.Length];
        int done = 0;
        await Parallel.ForAsync(0, names.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (index, token) =>
        {
            string name = names[index];
            string one = $"tyk/keys/{Uri.EscapeDataString(name)}{(isHashed ? "?hashed=1" : "")}";
            var (answered, session) = await GetAsync(one, token);
            if (answered == HttpStatusCode.OK)
            {
                read[index] = new TykKey("GET /tyk/keys", isHashed ? null : name, isHashed ? name : null, Parse("tyk/keys/...", session));
            }
            else
            {
                failed[index] = $"A key: the gateway answered {(int)answered} ({MessageOf(session)}).";
            }

            progress.Report(Interlocked.Increment(ref done), names.Length);
        });
        material.Keys.AddRange(read.OfType<TykKey>());
        material.LeftOut.AddRange(failed.OfType<string>());
    }

    // A gateway that does not hash its keys refuses to look one up by its hash.
    private async Task<bool> IsHashedAsync(string name, CancellationToken cancellation) =>
        (await GetAsync($"tyk/keys/{Uri.EscapeDataString(name)}?hashed=1", cancellation)).Status == HttpStatusCode.OK;

    private async Task NoteOrganizationsAsync(TykMaterial material, CancellationToken cancellation)
    {
        const string Path = "tyk/org/keys";
        var (status, body) = await GetAsync(Path, cancellation);
        if (status == HttpStatusCode.OK
            && Parse(Path, body) is { ValueKind: JsonValueKind.Object } list
            && list.TryGetProperty("keys", out var keys)
            && keys.ValueKind == JsonValueKind.Array
            && keys.GetArrayLength() > 0)
        {
            string names = string.Join(", ", keys.EnumerateArray().Take(20).Select(static key => key.ToString()));
            material.LeftOut.Add($"Sessions of organisations are not imported ({names}): where they have limits, write them with decisionctl org.");
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(_address, path), cancellation);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                ? throw CommandException.Refused(
                    $"The gateway at {_address.Authority} refuses the secret ({(int)answer.StatusCode}: {MessageOf(body)}). "
                    + "Put its secret into TYK_SECRET, or name a file that holds it with --tyk-secret-file.")
                : (answer.StatusCode, body);
        }
        catch (HttpRequestException unreachable)
        {
            throw new CommandException(ExitCode.ServiceFailed, $"The gateway at {_address.Authority} cannot be reached: {(unreachable.InnerException ?? unreachable).Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ServiceFailed, $"The gateway at {_address.Authority} did not answer GET /{path} in {Timeout.TotalSeconds:0} seconds.");
        }
    }

    private JsonElement Parse(string path, byte[] body)
    {
        var findings = new FindingList();
        using var document = JsonSource.Parse(body, "GET /" + path, findings);
        return document?.RootElement.Clone()
            ?? throw new CommandException(ExitCode.ServiceFailed, $"{_address.Authority} is no Tyk gateway, or not its control address: {findings[0]}");
    }

    private CommandException Unexpected(string path, HttpStatusCode status, byte[] body) =>
        new(ExitCode.ServiceFailed, $"The gateway at {_address.Authority} answered GET /{path} with {(int)status} ({MessageOf(body)}).");

    private static string MessageOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message)
                ? message.ToString()
                : "no message";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }
}
