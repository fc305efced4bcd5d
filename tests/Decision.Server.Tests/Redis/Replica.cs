using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Redis;

/// <summary>The built server as a process on a Redis, with its own data folder and clients of all its services.</summary>
internal sealed partial class Replica : IAsyncDisposable
{
    private const string SecretsKey = "a-secrets-key-that-all-replicas-share";

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private Replica(TemporaryFolder folder, ServerProcess process, string grpc)
    {
        (_folder, _process, Address) = (folder, process, grpc);
        Channel = GrpcChannel.ForAddress($"http://{grpc}");
        _http = new HttpClient { BaseAddress = new Uri($"http://{HttpAddress().Match(process.Output).Groups[1].Value}") };
    }

    public static Metadata Admin => new() { { "authorization", "Bearer " + RunningServer.Secret } };

    /// <summary>Host and port of gRPC.</summary>
    public string Address { get; }

    public GrpcChannel Channel { get; }

    public AuthorizeService.AuthorizeServiceClient Client => new(Channel);

    public KeyService.KeyServiceClient Keys => new(Channel);

    public PolicyAdminService.PolicyAdminServiceClient Policies => new(Channel);

    public ApiAdminService.ApiAdminServiceClient Apis => new(Channel);

    public OrganizationAdminService.OrganizationAdminServiceClient Organizations => new(Channel);

    public string Output => _process.Output;

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    /// <param name="redis">The connection string.</param>
    /// <param name="settings">Settings over the tests' own, such as <c>Limits:Replicas=2</c>.</param>
    public static Task<Replica> StartAsync(string redis, params string[] settings) => StartAsync(null, redis, settings);

    /// <summary>Starts the server of a program file; null = the built one.</summary>
    public static async Task<Replica> StartAsync(string? program, string redis, string[] settings)
    {
        TemporaryFolder folder = new();
        string[] own =
        [
            "Server:Grpc=127.0.0.1:0",
            "Server:Http=127.0.0.1:0",
            "Storage:Kind=redis",
            $"Redis:Configuration={redis}",
            $"Secrets:Key={SecretsKey}",
            $"Admin:Secret={RunningServer.Secret}",
            $"Data:Path={folder.Path}",
        ];
        string[] arguments = [.. own.Concat(settings).GroupBy(setting => setting.Split('=')[0]).Select(setting => "--" + setting.Last())];
        var process = program is null ? ServerProcess.Start(folder.Path, arguments) : ServerProcess.StartProgram(program, folder.Path, arguments);
        try
        {
            return new Replica(folder, process, await process.ReadyAsync());
        }
        catch
        {
            await process.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public async Task<AuthorizeResponse> AskAsync(AuthorizeRequest request) => await Client.AuthorizeAsync(request);

    public async Task<AuthorizeResponse> AskAsync(string key) => await Client.AuthorizeAsync(Samples.Ask(key));

    public async Task<Policy> CreatePolicyAsync(Policy policy) =>
        (await Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Admin)).Policy;

    public async Task<CreateKeyResponse> CreateKeyAsync(params string[] policies) =>
        await Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = "acme", ApplyPolicies = { policies } } }, Admin);

    public async Task<Key> UpdateKeyAsync(Key key, params string[] mask) => (await Keys.UpdateKeyAsync(
        new UpdateKeyRequest { Key = key, UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { mask } } }, Admin)).Key;

    public async Task<Policy> UpdatePolicyAsync(Policy policy, params string[] mask) => (await Policies.UpdatePolicyAsync(
        new UpdatePolicyRequest { Policy = policy, UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { mask } } }, Admin)).Policy;

    /// <summary>What readiness says now, with the problems of failing parts by their names.</summary>
    public async Task<(HttpStatusCode Status, bool IsDegraded, Dictionary<string, string> Problems)> ReadinessAsync()
    {
        using var response = await _http.GetAsync("/healthz/ready");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (
            response.StatusCode,
            body.RootElement.GetProperty("degraded").GetBoolean(),
            body.RootElement.GetProperty("parts").EnumerateArray()
                .Where(part => part.GetProperty("status").GetString() == "failing")
                .ToDictionary(part => part.GetProperty("name").GetString()!, part => part.GetProperty("problem").GetString()!));
    }

    /// <summary>Asks for readiness until no part fails.</summary>
    public Task UntilReadyAsync() => Eventually.IsAsync(ReadinessAsync, readiness => !readiness.IsDegraded, () => Task.FromResult(Output));

    /// <summary>The sum of a metric over its series that have the label; 0 = there is none yet.</summary>
    public async Task<double> MetricAsync(string name, string label = "")
    {
        double sum = 0;
        foreach (string line in (await _http.GetStringAsync("/metrics")).Split('\n'))
        {
            var match = MetricLine().Match(line);
            if (match.Groups["name"].Value == name && match.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
            {
                sum += double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    public void Terminate() => _process.Terminate();

    public Task<int> ExitAsync() => _process.ExitAsync();

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex("Http http://([0-9.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>[^ ]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex MetricLine();
}
