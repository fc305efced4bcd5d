using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Redis;

/// <summary>Three replicas together admit what a limit says: not one more, and not one less.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class SharedLimitTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    private const int InFlight = 30;
    private static int _number;

    private readonly string _id = "p" + Interlocked.Increment(ref _number);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    [InlineData(10_000, false)]
    [InlineData(10_000, true)]
    public async Task Rate_per_second_holds_in_any_second_and_is_used_up_again_and_again(int rate, bool isSkewed)
    {
        var request = await MakeAsync(policy => (policy.Rate, policy.Per) = (rate, 1), CostOf(rate));

        var answers = await LoadAsync([request], isSkewed, traffic => traffic.UntilAsync(answer => answer.Verdict.Allowed, 3 * rate / (int)request.Cost));

        Assert.InRange(Windows.Most(answers, TimeSpan.FromSeconds(1)), 1, rate);
        Assert.All(answers.Where(answer => !answer.Verdict.Allowed), answer => Assert.Equal(Reason.RateLimited, answer.Verdict.Reason));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    [InlineData(10_000, false)]
    [InlineData(10_000, true)]
    public async Task Rate_per_hour_is_admitted_to_the_last_unit(int rate, bool isSkewed)
    {
        var request = await MakeAsync(policy => (policy.Rate, policy.Per) = (rate, 3600), CostOf(rate));

        await UseUpAsync([request], isSkewed, rate, Reason.RateLimited);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Quota_is_admitted_to_the_last_unit(bool isSkewed)
    {
        var request = await MakeAsync(policy => (policy.Rate, policy.QuotaMax, policy.QuotaRenewalRate) = (-1, 400, 3600));

        await UseUpAsync([request], isSkewed, 400, Reason.QuotaExceeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limits_of_an_organisation_are_shared_by_its_keys_on_all_replicas(bool isSkewed)
    {
        Organization organization = new() { OrganizationId = "org-" + _id, Rate = 300, Per = 3600 };
        await replicas.A.Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = organization }, Replica.Admin);
        var first = await MakeAsync(policy => (policy.OrgId, policy.Rate) = (organization.OrganizationId, -1));
        AuthorizeRequest[] requests = [first, await AnotherKeyAsync(first, organization.OrganizationId), await AnotherKeyAsync(first, organization.OrganizationId)];

        await UseUpAsync(requests, isSkewed, 300, Reason.OrganizationRateLimited);

        organization.QuotaMax = 200;
        organization.Rate = -1;
        await replicas.A.Organizations.UpdateOrganizationAsync(
            new UpdateOrganizationRequest { Organization = organization, UpdateMask = new() { Paths = { "rate", "quota_max" } } }, Replica.Admin);
        await InForce.OnAsync(replicas.All, first, verdict => verdict.Allowed, InForce.BoundOfPush);
        await UseUpAsync(requests, isSkewed, 200, Reason.OrganizationQuotaExceeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limit_of_an_API_is_shared_by_all_keys_on_all_replicas(bool isSkewed)
    {
        string api = "api-" + _id;
        await replicas.A.Apis.CreateApiAsync(
            new CreateApiRequest { Api = new Api { ApiId = api, OrganizationId = "acme", ListenPath = $"/{api}/", Rate = 300, Per = 3600 } }, Replica.Admin);
        var first = await MakeAsync(policy =>
        {
            policy.Rate = -1;
            policy.AccessRights.Clear();
            policy.AccessRights[api] = new AccessRight();
        });
        await InForce.OnAsync(replicas.All, first, verdict => verdict.Limits.Any(limit => limit.Scope == "api_wide:" + api), InForce.BoundOfPush);

        await UseUpAsync([first, await AnotherKeyAsync(first, "acme")], isSkewed, 300, Reason.ApiRateLimited);
    }

    // So that a machine with two cores can ask for more than 10,000 units in a second.
    private static int CostOf(int rate) => Math.Max(1, rate / 500);

    private async Task UseUpAsync(AuthorizeRequest[] requests, bool isSkewed, long limit, Reason reason)
    {
        var answers = await LoadAsync(requests, isSkewed, traffic => traffic.UntilAsync(answer => !answer.Verdict.Allowed, 2 * InFlight));

        Assert.Equal(limit, answers.Sum(answer => answer.Units));
        Assert.All(answers.Where(answer => !answer.Verdict.Allowed), answer => Assert.Equal((reason, false), (answer.Verdict.Reason, answer.Verdict.Degraded)));
    }

    private async Task<IReadOnlyList<Answer>> LoadAsync(AuthorizeRequest[] requests, bool isSkewed, Func<Traffic, Task> untilAsync)
    {
        var traffic = Traffic.Start(InFlight, lane => requests[lane % requests.Length], new Spread(replicas.All, isSkewed).AskAsync);
        await untilAsync(traffic);
        return await traffic.StopAsync();
    }

    /// <summary>A request with a new key of a new policy that all replicas know.</summary>
    private async Task<AuthorizeRequest> MakeAsync(Action<Policy> change, int cost = 1)
    {
        var policy = AdminClients.Gold(gold =>
        {
            gold.Id = _id;
            gold.QuotaMax = -1;
            change(gold);
        });
        await replicas.A.CreatePolicyAsync(policy);
        AuthorizeRequest request = new() { ApiId = policy.AccessRights.Keys.Single(), Method = "GET", Path = "/", Cost = cost };
        request = await AnotherKeyAsync(request, policy.OrgId);
        await InForce.OnAsync(replicas.All, request, verdict => verdict.Allowed, InForce.BoundOfPush);
        return request;
    }

    private async Task<AuthorizeRequest> AnotherKeyAsync(AuthorizeRequest like, string organization)
    {
        var request = like.Clone();
        request.ApiKey = (await replicas.A.Keys.CreateKeyAsync(
            new CreateKeyRequest { Key = new Key { OrgId = organization, ApplyPolicies = { _id } } }, Replica.Admin)).ApiKey;
        return request;
    }
}
