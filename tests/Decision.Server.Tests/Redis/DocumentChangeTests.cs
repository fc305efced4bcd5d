using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Redis;

/// <summary>What one replica writes about policies, APIs and organisations is in force on the others in time, with a push and without.</summary>
[Collection(nameof(RedisProcesses))]
public sealed class DocumentChangeTests(ThreeReplicas replicas) : IClassFixture<ThreeReplicas>
{
    private static int _number;

    private readonly string _id = "d" + Interlocked.Increment(ref _number);
    private TimeSpan _bound = InForce.BoundOfPush;
    private Func<Task> _beforeEdit = () => Task.CompletedTask;

    [Fact]
    public Task Edits_are_in_force_on_the_others_by_push() => EditEverythingAsync();

    [Fact]
    public async Task Edits_are_in_force_on_the_others_after_the_push_connections_were_cut()
    {
        _bound = InForce.BoundWithoutPush;
        _beforeEdit = replicas.CutPushAsync;
        await EditEverythingAsync();
        await replicas.UntilListeningAsync();
    }

    [Fact]
    public async Task Pushes_are_heard_again_each_time_that_all_connections_were_cut()
    {
        // Now and then the connection of pushes is back before the one of commands.
        for (int round = 0; round < 20; round++)
        {
            await replicas.Redis.CommandAsync("CLIENT", "KILL", "SKIPME", "yes");
            await replicas.UntilListeningAsync();
        }

        // The next test writes.
        await replicas.UntilWritingAsync();
    }

    [Fact]
    public async Task Edits_are_in_force_on_the_others_where_there_is_no_push_at_all()
    {
        _bound = InForce.BoundWithoutPush;
        await replicas.ForbidPushAsync();
        try
        {
            await EditEverythingAsync();
        }
        finally
        {
            await replicas.AllowPushAsync();
        }
    }

    private async Task EditEverythingAsync()
    {
        var request = await CreatePolicyAsync();
        await EditPolicyAsync(request);
        await EditApiAsync(request);
        await EditOrganizationAsync(request);
        await DeletePolicyAsync(request);
    }

    private async Task<AuthorizeRequest> CreatePolicyAsync()
    {
        await _beforeEdit();
        await replicas.A.CreatePolicyAsync(AdminClients.Gold(policy => (policy.Id, policy.OrgId, policy.Rate) = (_id, _id, 100)));
        var key = await replicas.A.Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = _id, ApplyPolicies = { _id } } }, Replica.Admin);
        var request = Samples.Ask(key.ApiKey);
        await ShowAsync(request, verdict => verdict.Allowed);
        return request;
    }

    private async Task EditPolicyAsync(AuthorizeRequest request)
    {
        await _beforeEdit();
        var updated = await replicas.A.UpdatePolicyAsync(new Policy { Id = _id, Rate = 200 }, "rate");
        await ShowAsync(request, verdict => Rate(verdict)?.Limit == 200 && verdict.Policies.Single().Revision == updated.Revision);

        await _beforeEdit();
        await replicas.A.UpdatePolicyAsync(new Policy { Id = _id, Active = false }, "active");
        await ShowAsync(request, verdict => verdict.Reason == Reason.PolicyInactive);

        await _beforeEdit();
        await replicas.A.UpdatePolicyAsync(new Policy { Id = _id, Active = true }, "active");
        await ShowAsync(request, verdict => verdict.Allowed);

        await _beforeEdit();
        await replicas.A.UpdatePolicyAsync(new Policy { Id = _id, AccessRights = { ["reports"] = new AccessRight() } }, "access_rights");
        await ShowAsync(request, verdict => verdict.Reason == Reason.ApiNotGranted);

        await _beforeEdit();
        await replicas.A.UpdatePolicyAsync(
            new Policy { Id = _id, AccessRights = { ["orders"] = new AccessRight(), [_id] = new AccessRight() } }, "access_rights");
        await ShowAsync(request, verdict => verdict.Allowed);
    }

    private async Task EditApiAsync(AuthorizeRequest request)
    {
        var byPath = request.Clone();
        (byPath.ApiId, byPath.Host, byPath.Path) = ("", "api.example.com", $"/{_id}/list");
        await ShowAsync(byPath, verdict => verdict.Reason == Reason.ApiUnknown);

        await _beforeEdit();
        Api api = new() { ApiId = _id, OrganizationId = _id, ListenPath = $"/{_id}/" };
        await replicas.A.Apis.CreateApiAsync(new CreateApiRequest { Api = api }, Replica.Admin);
        await ShowAsync(byPath, verdict => verdict.Allowed);

        await _beforeEdit();
        (api.Rate, api.Per) = (50, 10);
        await replicas.A.Apis.UpdateApiAsync(new UpdateApiRequest { Api = api, UpdateMask = new() { Paths = { "rate", "per" } } }, Replica.Admin);
        await ShowAsync(byPath, verdict => verdict.Limits.Any(limit => limit.Scope == $"api_wide:{_id}" && limit.Limit == 50));

        await _beforeEdit();
        await replicas.A.Apis.DeleteApiAsync(new DeleteApiRequest { ApiId = _id }, Replica.Admin);
        await ShowAsync(byPath, verdict => verdict.Reason == Reason.ApiUnknown);
    }

    private async Task EditOrganizationAsync(AuthorizeRequest request)
    {
        await _beforeEdit();
        Organization organization = new() { OrganizationId = _id, QuotaMax = 77 };
        await replicas.A.Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = organization }, Replica.Admin);
        await ShowAsync(request, verdict => verdict.Limits.Any(limit => limit.Scope == "organization" && limit.Limit == 77));

        await _beforeEdit();
        organization.IsInactive = true;
        await replicas.A.Organizations.UpdateOrganizationAsync(
            new UpdateOrganizationRequest { Organization = organization, UpdateMask = new() { Paths = { "is_inactive" } } }, Replica.Admin);
        await ShowAsync(request, verdict => verdict.Reason == Reason.KeyInactive);

        await _beforeEdit();
        await replicas.A.Organizations.DeleteOrganizationAsync(new DeleteOrganizationRequest { OrganizationId = _id }, Replica.Admin);
        await ShowAsync(request, verdict => verdict.Allowed && verdict.Limits.All(limit => limit.Scope != "organization"));
    }

    private async Task DeletePolicyAsync(AuthorizeRequest request)
    {
        await _beforeEdit();
        await replicas.A.Policies.DeletePolicyAsync(new DeletePolicyRequest { Id = _id, Force = true }, Replica.Admin);
        await ShowAsync(request, verdict => verdict.Reason == Reason.PolicyMissing);
    }

    private Task ShowAsync(AuthorizeRequest request, Func<AuthorizeResponse, bool> shows) =>
        InForce.OnAsync(replicas.Others, request, shows, _bound);

    private static LimitStatus? Rate(AuthorizeResponse verdict) => verdict.Limits.FirstOrDefault(limit => limit.Name == "rate");
}
