using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Backups;

/// <summary>What servers of earlier versions wrote, as files beside this one, and what a server has to find in it.</summary>
internal static class EarlierVersions
{
    /// <summary>With which it was written; the custom key needs it.</summary>
    public const string SecretsKey = "a-secrets-key-that-all-replicas-share";

    private const string CustomKey = "a-custom-key-of-an-earlier-version";

    private static readonly Metadata Credential = new() { { "authorization", "Bearer " + RunningServer.Secret } };

    /// <summary>The lines of a file, of which the first says the key that was made.</summary>
    public static string[] Lines(string name) =>
        File.ReadAllLines(Repository.PathOf("tests", "Decision.Server.Tests", "Backups", "EarlierVersions", name));

    /// <summary>Policies with their revisions, APIs, organisations and keys are there, and counters go on where they were.</summary>
    public static async Task AssertFoundAsync(string[] lines, string address)
    {
        string made = lines[0].Split(' ')[^1];
        using var channel = GrpcChannel.ForAddress("http://" + address);
        var policies = new PolicyAdminService.PolicyAdminServiceClient(channel);
        var policy = (await policies.GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Credential)).Policy;
        Assert.Equal((20, 2, "kept"), (policy.QuotaMax, policy.Revision, policy.Tags[0]));
        Assert.Equal(2, (await policies.ListPolicyRevisionsAsync(new ListPolicyRevisionsRequest { Id = "gold" }, Credential)).Revisions.Count);
        Assert.Equal("/orders/", (await new ApiAdminService.ApiAdminServiceClient(channel).GetApiAsync(new GetApiRequest { ApiId = "orders" }, Credential)).Api.ListenPath);
        Assert.Equal(1000, (await new OrganizationAdminService.OrganizationAdminServiceClient(channel).GetOrganizationAsync(
            new GetOrganizationRequest { OrganizationId = "acme" }, Credential)).Organization.QuotaMax);
        var keys = await new KeyService.KeyServiceClient(channel).ListKeysAsync(new ListKeysRequest { PolicyId = "gold" }, Credential);
        Assert.Equal(["custom", "made"], keys.Keys.Select(key => key.Alias).Order(StringComparer.Ordinal));

        // 3 were spent with the one, 4 with the other, 7 of the organisation; each now spends one more.
        Assert.Equal((16, 992), await SpendAsync(channel, made));
        Assert.Equal((15, 991), await SpendAsync(channel, CustomKey));

        // What came with a later layout works on it.
        Assert.True((await new AuditService.AuditServiceClient(channel).VerifyAuditLogAsync(new VerifyAuditLogRequest(), Credential)).Valid);
        await new PolicyAdminService.PolicyAdminServiceClient(channel).RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 1 }, Credential);
        Assert.Equal("policy.rollback", (await new AuditService.AuditServiceClient(channel).ListAuditEntriesAsync(new ListAuditEntriesRequest(), Credential)).Entries[0].Action);
        Assert.NotEmpty((await new ActivityService.ActivityServiceClient(channel).GetUsageHistoryAsync(
            new GetUsageHistoryRequest { Subject = UsageSubject.Policy, Id = "gold" }, Credential)).Hours);
    }

    private static async Task<(long Key, long Organization)> SpendAsync(GrpcChannel channel, string key)
    {
        var verdict = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask(key));
        Assert.True(verdict.Allowed, verdict.ToString());
        long[] left = [.. verdict.Limits.Where(limit => limit.Name == "quota").Select(limit => limit.Remaining).Order()];
        return (left[0], left[^1]);
    }
}
