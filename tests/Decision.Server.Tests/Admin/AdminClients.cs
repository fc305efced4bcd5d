using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Tests.Admin;

/// <summary>A server with clients of its admin services.</summary>
internal static class AdminClients
{
    public static KeyService.KeyServiceClient Keys(this RunningServer server) => new(server.Channel);

    public static PolicyAdminService.PolicyAdminServiceClient Policies(this RunningServer server) => new(server.Channel);

    public static ApiAdminService.ApiAdminServiceClient Apis(this RunningServer server) => new(server.Channel);

    public static OrganizationAdminService.OrganizationAdminServiceClient Organizations(this RunningServer server) => new(server.Channel);

    public static ActivityService.ActivityServiceClient Activity(this RunningServer server) => new(server.Channel);

    /// <summary>A policy for the API <c>orders</c> of <c>acme</c>, without findings.</summary>
    public static Policy Gold(Action<Policy>? change = null)
    {
        var policy = new Policy
        {
            Id = "gold",
            OrgId = "acme",
            Rate = 100,
            Per = 10,
            QuotaMax = 10,
            QuotaRenewalRate = 3600,
            AccessRights = { ["orders"] = new AccessRight { ApiId = "orders" } },
        };
        change?.Invoke(policy);
        return policy;
    }

    public static async Task<Policy> CreatePolicyAsync(this RunningServer server, Action<Policy>? change = null) =>
        (await server.Policies().CreatePolicyAsync(new CreatePolicyRequest { Policy = Gold(change) }, RunningServer.Admin)).Policy;

    public static async Task<ApplyPoliciesResponse> ApplyAsync(this RunningServer server, ApplyPoliciesRequest request) =>
        await server.Policies().ApplyPoliciesAsync(request, RunningServer.Admin);

    /// <summary>All that is told.</summary>
    public static async Task<List<PreviewPoliciesResponse>> PreviewAsync(this RunningServer server, PreviewPoliciesRequest request)
    {
        using var call = server.Policies().PreviewPolicies(request, RunningServer.Admin);
        var told = new List<PreviewPoliciesResponse>();
        await foreach (var one in call.ResponseStream.ReadAllAsync())
        {
            told.Add(one);
        }

        return told;
    }

    public static async Task<CreateKeyResponse> MakeKeyAsync(this RunningServer server, Action<Key>? change = null, string custom = "")
    {
        var key = new Key { OrgId = "acme", Alias = "tester", ApplyPolicies = { "gold" } };
        change?.Invoke(key);
        return await server.Keys().CreateKeyAsync(new CreateKeyRequest { Key = key, ApiKey = custom }, RunningServer.Admin);
    }

    public static async Task<Reason> AskAsync(this RunningServer server, string apiKey) =>
        (await server.Client.AuthorizeAsync(Samples.Ask(apiKey))).Reason;

    /// <summary>The reason of a failure's <see cref="ErrorInfo"/>.</summary>
    public static string ReasonOf(RpcException failure)
    {
        var info = failure.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal("decision", info.Domain);
        return info.Reason;
    }
}
