using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>Two servers on a Redis Cluster of three masters whose busy slots move from one to another
/// under load: no decision fails, none is late, and limits hold to the unit.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class SlotMigrationTests : IAsyncLifetime
{
    private const int InFlight = 16;
    private const int Moves = 3;
    private const long Plenty = 1_000_000_000;

    // What is left of the limit for the last moves.
    private const long Last = 1_000;

    // What is proved is that no move makes an answer late or fail; a busy machine must not make a slow Redis either.
    private const string Patient = "Redis:Timeout=5s";

    // No move holds an answer up; a busy machine may for a moment.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private readonly List<Replica> _servers = [];
    private RedisCluster? _cluster;
    private long _admitted;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync("--appendonly", "yes");
        _servers.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Replica.StartAsync(_cluster.Address, Patient))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _cluster!.DisposeAsync();
    }

    /// <summary>
    /// The answer that is kept for an idempotency key is another name of the slot: while Redis moves one of the two and has the other still, it takes no command
    /// for both, and on_store_failure decides.
    /// </summary>
    [Theory]
    [InlineData(false, Traits = [RedisProcesses.Run, RedisProcesses.Full])]
    [InlineData(true)]
    public async Task Key_whose_slot_moves_is_admitted_to_the_last_unit(bool isNamed)
    {
        await _servers[0].CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("busy", -1, Plenty)));
        var key = await _servers[0].CreateKeyAsync("busy");
        var request = Samples.Ask(key.ApiKey);
        await ShowsAsync(request, Plenty);

        await LoadAsync(request, isNamed, traffic => MoveAsync($"{{{key.KeyId}}}", traffic));
        long quota = _admitted + Last;
        await _servers[0].UpdatePolicyAsync(new Policy { Id = "busy", QuotaMax = quota }, "quota_max");
        await ShowsAsync(request, quota);
        await LoadAsync(request, isNamed, async traffic =>
        {
            await MoveAsync($"{{{key.KeyId}}}");
            await traffic.UntilAsync(answer => !answer.Verdict.Allowed, 2 * InFlight);
        });

        Assert.Equal(quota, _admitted);
    }

    [Fact]
    public async Task Shared_limit_whose_slot_moves_is_admitted_to_the_last_unit()
    {
        await _servers[0].Organizations.CreateOrganizationAsync(
            new CreateOrganizationRequest { Organization = new Organization { OrganizationId = "acme", QuotaMax = Plenty, QuotaRenewalRate = 3600 } }, Replica.Admin);
        await _servers[0].CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.Rate, policy.QuotaMax) = ("busy", -1, -1)));
        var request = Samples.Ask((await _servers[0].CreateKeyAsync("busy")).ApiKey);
        await ShowsAsync(request, Plenty);
        _admitted += (await _servers[0].AskAsync(request)).Allowed ? 1 : 0;
        string tag = (await Task.WhenAll(_cluster!.Masters.Select(master => master.CommandAsync("--scan", "--pattern", "*{o:*")))).Single(names => names.Length > 0);

        await LoadAsync(request, false, traffic => MoveAsync(tag, traffic));
        long quota = _admitted + Last;
        await _servers[0].Organizations.UpdateOrganizationAsync(
            new UpdateOrganizationRequest { Organization = new Organization { OrganizationId = "acme", QuotaMax = quota }, UpdateMask = new() { Paths = { "quota_max" } } }, Replica.Admin);
        await ShowsAsync(request, quota);
        await LoadAsync(request, false, async traffic =>
        {
            await MoveAsync(tag);
            await traffic.UntilAsync(answer => !answer.Verdict.Allowed, 2 * InFlight);
        });

        Assert.Equal(quota, _admitted);
    }

    private Task ShowsAsync(AuthorizeRequest request, long quota) => InForce.OnAsync(
        _servers, request, verdict => verdict is { Allowed: true, Degraded: false } && verdict.Limits.Any(limit => limit.Limit == quota), InForce.BoundWithoutPush);

    /// <summary>Asks both servers until what is done beside it is done, and counts what they admit.</summary>
    private async Task LoadAsync(AuthorizeRequest request, bool isNamed, Func<Traffic, Task> besideAsync)
    {
        var traffic = Traffic.Start(
            InFlight,
            _ =>
            {
                var next = request.Clone();
                next.IdempotencyKey = isNamed ? Guid.NewGuid().ToString("N") : "";
                return next;
            },
            (lane, next) => _servers[lane % 2].AskAsync(next));
        await traffic.UntilAsync(_ => true, 1_000);
        int warm = traffic.Answers.Count;
        await besideAsync(traffic);
        var answers = await traffic.StopAsync();

        _admitted += answers.Sum(answer => answer.Units);
        Assert.All(answers, answer => Assert.True(
            (isNamed && answer.IsUnavailable) || answer.Verdict is { Degraded: false, Reason: Reason.Allowed or Reason.QuotaExceeded or Reason.OrganizationQuotaExceeded }, $"{answer.Verdict}"));
        Assert.All(answers.Skip(warm), answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Bound));
    }

    /// <summary>Moves a slot round the masters, with some load between two moves.</summary>
    private async Task MoveAsync(string tag, Traffic? traffic = null)
    {
        int slot = await _cluster!.SlotOfAsync(tag);
        for (int move = 0; move < Moves; move++)
        {
            var from = await _cluster.MasterOfAsync(tag);
            await _cluster.MoveSlotAsync(slot, from, _cluster.Masters[(_cluster.Masters.ToList().IndexOf(from) + 1) % _cluster.Masters.Count]);
            await (traffic?.UntilAsync(answer => answer.Verdict.Allowed, 50) ?? Task.CompletedTask);
        }
    }
}
