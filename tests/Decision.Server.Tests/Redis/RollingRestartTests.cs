using System.Globalization;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>Two servers on one Redis, restarted one after the other under load: no decision is lost, and nothing is admitted beyond a limit.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class RollingRestartTests : IAsyncLifetime
{
    private const int InFlight = 16;
    private const int Rate = 200;
    private const int Quota = 3000;
    private const string Patient = "Redis:Timeout=5s";

    private readonly string[] _ports = [.. Enumerable.Range(0, 2).Select(_ => RedisServer.FreePort().ToString(CultureInfo.InvariantCulture))];
    private readonly List<Replica> _started = [];
    private RedisServer? _redis;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _started)
        {
            await replica.DisposeAsync();
        }

        await _redis!.DisposeAsync();
    }

    [Fact]
    public Task Servers_of_one_version_lose_no_decision() => RestartAsync(null, () => Task.CompletedTask);

    [Fact]
    [Trait(RedisProcesses.Run, RedisProcesses.Upgrade)]
    public async Task Servers_of_two_versions_lose_no_decision()
    {
        string? next = Environment.GetEnvironmentVariable("DECISION_NEXT_SERVER");
        Assert.False(string.IsNullOrEmpty(next), "DECISION_NEXT_SERVER names no Decision.Server.dll of another version; eng/rolling-upgrade.sh makes one.");
        await using (var asked = ServerProcess.StartProgram(next, AppContext.BaseDirectory, "--version"))
        {
            Assert.Equal(0, await asked.ExitAsync());
            Assert.Contains("9.9.9", asked.Output, StringComparison.Ordinal);
        }

        int before = 0;
        await RestartAsync(next, async () =>
        {
            // The scripts of the next version are not those of this one: both are in use.
            int scripts = await ScriptsAsync();
            Assert.True(before == 0 || scripts > before, $"{before} scripts before, {scripts} with the next version.");
            before = scripts;
        });
    }

    private async Task RestartAsync(string? next, Func<Task> lookAsync)
    {
        var first = await StartAsync(null, 0);
        var second = await StartAsync(null, 1);
        await first.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("quota", -1, Quota)));
        await first.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.Per, policy.QuotaMax) = ("rate", Rate, 1, -1)));
        await first.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("endless", -1, 1_000_000_000)));
        string quota = (await first.CreateKeyAsync("quota")).ApiKey;
        string rate = (await first.CreateKeyAsync("rate")).ApiKey;
        var endless = await first.CreateKeyAsync("endless");
        string[] keys = [quota, rate, endless.ApiKey];
        foreach (string key in keys)
        {
            await InForce.OnAsync([first, second], Samples.Ask(key), verdict => verdict.Allowed, InForce.BoundOfPush);
        }

        using BalancedClient client = new(first.Address, second.Address);
        var traffic = Traffic.Start(InFlight, lane => Samples.Ask(keys[lane % keys.Length]), (_, request) => client.AskAsync(request));
        await traffic.UntilAsync(_ => true, 200);
        await lookAsync();

        var before = ProcessesOf(traffic);
        await StopAsync(first);
        await StartAsync(next, 0);
        await traffic.UntilAsync(_ => true, 200);
        await UntilAnotherDecidesAsync(traffic, before);
        await lookAsync();

        before = ProcessesOf(traffic);
        await StopAsync(second);
        second = await StartAsync(next, 1);
        await UntilAnotherDecidesAsync(traffic, before);
        await traffic.UntilAsync(answer => answer.Verdict.Reason == Reason.QuotaExceeded, InFlight);
        var answers = await traffic.StopAsync();

        var usage = await second.Keys.GetUsageAsync(new Contracts.Admin.V1.GetUsageRequest { KeyId = endless.KeyId }, Replica.Admin);
        Assert.All(answers, answer => Assert.True(
            answer.Verdict is { Degraded: false, Reason: Reason.Allowed or Reason.RateLimited or Reason.QuotaExceeded }, $"{answer.Verdict}"));

        // A decision that was lost would have spent and told nobody; one that was made twice would have spent twice.
        Assert.Equal(AdmittedTo(endless.ApiKey), usage.Usages.Single(one => one.Name == "quota").Used);
        Assert.Equal(Quota, AdmittedTo(quota));
        Assert.InRange(Windows.Most(answers.Where(answer => answer.Request.ApiKey == rate), TimeSpan.FromSeconds(1)), 1, Rate);

        long AdmittedTo(string key) => answers.Where(answer => answer.Request.ApiKey == key).Sum(answer => answer.Units);
    }

    private async Task<Replica> StartAsync(string? program, int index)
    {
        var replica = await Replica.StartAsync(program, _redis!.Address, [Patient, $"Server:Grpc=127.0.0.1:{_ports[index]}"]);
        _started.Add(replica);
        return replica;
    }

    private static async Task StopAsync(Replica replica)
    {
        replica.Terminate();
        Assert.Equal(0, await replica.ExitAsync());
    }

    // The answers tell: each process has its own beginning of the ids of its decisions.
    private static HashSet<string> ProcessesOf(Traffic traffic) => [.. traffic.Answers.Select(ProcessOf)];

    private static string ProcessOf(Answer answer) => answer.Verdict.DecisionId[..13];

    private static Task UntilAnotherDecidesAsync(Traffic traffic, HashSet<string> before) => traffic.UntilAsync(answer => !before.Contains(ProcessOf(answer)));

    // What decides is a function, where Redis has functions.
    private async Task<int> ScriptsAsync() => (await _redis!.CommandAsync("INFO", "memory")).Split('\n')
        .Where(line => line.StartsWith("number_of_cached_scripts:", StringComparison.Ordinal) || line.StartsWith("number_of_functions:", StringComparison.Ordinal))
        .Sum(line => int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));
}
