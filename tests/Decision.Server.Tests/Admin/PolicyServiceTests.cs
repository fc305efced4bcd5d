using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Reason = Decision.Contracts.V1.Reason;

namespace Decision.Server.Tests.Admin;

public class PolicyServiceTests
{
    private static Metadata Admin => RunningServer.Admin;

    [Fact]
    public async Task CreatePolicy_stores_it_and_GetPolicy_gives_it_back()
    {
        await using var server = await RunningServer.StartAsync();

        var created = await server.Policies().CreatePolicyAsync(
            new CreatePolicyRequest { Policy = AdminClients.Gold(policy => { policy.Etag = "ignored"; policy.Revision = 9; policy.Source = "ignored"; }) }, Admin);

        Assert.Equal(("gold", 1, "store", "1770724800"), (created.Policy.Id, created.Policy.Revision, created.Policy.Source, created.Policy.LastUpdated));
        Assert.NotEqual("ignored", created.Policy.Etag);
        Assert.Empty(created.Findings);
        Assert.Equal(0, created.KeysAffected);
        Assert.Equal(created.Policy, (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin)).Policy);
    }

    [Fact]
    public async Task CreatePolicy_without_an_id_makes_one_and_says_warnings_about_it()
    {
        await using var server = await RunningServer.StartAsync();

        var created = await server.Policies().CreatePolicyAsync(
            new CreatePolicyRequest { Policy = AdminClients.Gold(policy => { policy.Id = ""; policy.Burst = 5; }) }, Admin);

        Assert.Equal(24, created.Policy.Id.Length);
        var finding = Assert.Single(created.Findings);
        Assert.Equal((created.Policy.Id, "burst", Severity.Warning), (finding.Subject, finding.Field, finding.Severity));
    }

    [Fact]
    public async Task CreatePolicy_with_many_errors_says_all_of_them_and_stores_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var request = new CreatePolicyRequest
        {
            Policy = AdminClients.Gold(policy =>
            {
                policy.Rate = double.NaN;
                policy.Per = double.PositiveInfinity;
                policy.RateAlgorithm = "magic";
                policy.QuotaMax = -7;
                policy.QuotaTimeZone = "Mars/Olympus";
                policy.MetaData = new Struct { Fields = { ["x"] = Value.ForNumber(double.NaN) } };
                policy.AllowedIps.Add("300.1.1.1");
                policy.AccessRights["orders"].Limit = new LimitBlock { Rate = 1e300, Per = 1, QuotaPeriod = "aeon" };
                policy.AccessRights["orders"].AllowedUrls.Add(new AllowedUrl { Methods = { "not a method" } });
            }),
        };

        var fields = await Failures.FieldsOfAsync(() => server.Policies().CreatePolicyAsync(request, Admin).ResponseAsync);

        Assert.Equal(
            [
                "policy.access_rights.orders.allowed_urls[0].methods[0]",
                "policy.access_rights.orders.allowed_urls[0].url",
                "policy.access_rights.orders.limit.quota_period",
                "policy.access_rights.orders.limit.rate",
                "policy.allowed_ips[0]",
                "policy.meta_data.x",
                "policy.per",
                "policy.quota_max",
                "policy.quota_time_zone",
                "policy.rate",
                "policy.rate_algorithm",
            ],
            fields.Order(StringComparer.Ordinal));
        await Failures.OfAsync(() => server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task CreatePolicy_with_more_errors_than_fit_says_how_many_more()
    {
        await using var server = await RunningServer.StartAsync();
        var request = new CreatePolicyRequest { Policy = AdminClients.Gold(policy => policy.AllowedIps.AddRange(Enumerable.Repeat("nowhere", 900))) };

        var refused = await Failures.OfAsync(() => server.Policies().CreatePolicyAsync(request, Admin).ResponseAsync, StatusCode.InvalidArgument);

        Assert.StartsWith("policy.allowed_ips[0]: ", refused.Status.Detail, StringComparison.Ordinal);
        Assert.EndsWith(" (and 899 more)", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreatePolicy_without_a_policy_or_with_a_taken_id_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();

        Assert.Equal(["policy"], await Failures.FieldsOfAsync(() => server.Policies().CreatePolicyAsync(new CreatePolicyRequest(), Admin).ResponseAsync));
        var taken = await Failures.OfAsync(() => server.CreatePolicyAsync(), StatusCode.AlreadyExists);
        Assert.Equal("ALREADY_EXISTS", AdminClients.ReasonOf(taken));
    }

    [Fact]
    public async Task UpdatePolicy_changes_what_the_mask_names_alone()
    {
        await using var server = await RunningServer.StartAsync();
        var before = await server.CreatePolicyAsync(policy => policy.Tags.Add("a"));

        var updated = await server.Policies().UpdatePolicyAsync(
            new UpdatePolicyRequest
            {
                Policy = new Policy { Id = "gold", QuotaMax = 5, Rate = 1, Etag = before.Etag },
                UpdateMask = new FieldMask { Paths = { "quota_max", "tags", "quota_max" } },
            },
            Admin);

        var expected = before.Clone();
        expected.QuotaMax = 5;
        expected.Tags.Clear();
        expected.Revision = 2;
        expected.Etag = updated.Policy.Etag;
        Assert.Equal(expected, updated.Policy);
        Assert.NotEqual(before.Etag, updated.Policy.Etag);
    }

    [Fact]
    public async Task UpdatePolicy_with_a_stale_etag_an_unknown_field_or_an_unknown_id_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.CreatePolicyAsync();
        var request = new UpdatePolicyRequest { Policy = new Policy { Id = "gold", Name = "n", Etag = first.Etag } };
        await server.Policies().UpdatePolicyAsync(request, Admin);

        var stale = await Failures.OfAsync(() => server.Policies().UpdatePolicyAsync(request, Admin).ResponseAsync, StatusCode.Aborted);
        Assert.Equal("ETAG_MISMATCH", AdminClients.ReasonOf(stale));
        request.Policy.Etag = "";
        request.UpdateMask = new FieldMask { Paths = { "nme" } };
        Assert.Equal(["update_mask"], await Failures.FieldsOfAsync(() => server.Policies().UpdatePolicyAsync(request, Admin).ResponseAsync));
        request.UpdateMask = null;
        request.Policy.Id = "silver";
        await Failures.OfAsync(() => server.Policies().UpdatePolicyAsync(request, Admin).ResponseAsync, StatusCode.NotFound);
        request.Policy.Id = "";
        Assert.Equal(["policy.id"], await Failures.FieldsOfAsync(() => server.Policies().UpdatePolicyAsync(request, Admin).ResponseAsync));
    }

    [Fact]
    public async Task UpdatePolicy_bites_at_the_next_request_and_counts_on()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        string key = (await server.MakeKeyAsync()).ApiKey;
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));

        var updated = await server.Policies().UpdatePolicyAsync(
            new UpdatePolicyRequest { Policy = new Policy { Id = "gold", QuotaMax = 3 } }, Admin);

        Assert.Equal(1, updated.KeysAffected);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.QuotaExceeded, await server.AskAsync(key));
        await server.Policies().UpdatePolicyAsync(
            new UpdatePolicyRequest { Policy = new Policy { Id = "gold", QuotaMax = 100, Rate = 4 } }, Admin);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        Assert.Equal(Reason.RateLimited, await server.AskAsync(key));
    }

    [Fact]
    public async Task DeletePolicy_in_use_is_refused_with_the_count_then_forced()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        string key = (await server.MakeKeyAsync()).ApiKey;
        await server.MakeKeyAsync();

        var refused = await Failures.OfAsync(
            () => server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold" }, Admin).ResponseAsync, StatusCode.FailedPrecondition);
        Assert.Contains("2 keys use policy gold", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold", Force = true }, Admin)).KeysAffected);
        Assert.Equal(Reason.PolicyMissing, await server.AskAsync(key));
        await Failures.OfAsync(
            () => server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold" }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task ListPolicies_gives_ten_thousand_in_pages_and_binds_the_token_to_its_filter()
    {
        var many = Enumerable.Range(0, 10_000).ToDictionary(number => $"p{number:d5}", number => $$"""{"org_id":"o{{number % 2}}","rate":-1,"quota_max":-1}""");
        await using var server = await RunningServer.StartAsync(policies: many);
        var ids = new List<string>();
        var request = new ListPoliciesRequest { PageSize = 5_000 };
        string token;
        do
        {
            var page = await server.Policies().ListPoliciesAsync(request, Admin);
            Assert.Equal(10_000, page.TotalSize);
            ids.AddRange(page.Policies.Select(policy => policy.Id));
            request.PageToken = token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(many.Keys.Order(StringComparer.Ordinal), ids);
        var filtered = await server.Policies().ListPoliciesAsync(new ListPoliciesRequest { OrganizationId = "o1" }, Admin);
        Assert.Equal((100, 5_000), (filtered.Policies.Count, filtered.TotalSize));
        foreach (var wrong in new[]
        {
            new ListPoliciesRequest { PageToken = filtered.NextPageToken },
            new ListPoliciesRequest { PageToken = filtered.NextPageToken, OrganizationId = "o0" },
            new ListPoliciesRequest { PageToken = "no token" },
        })
        {
            Assert.Equal(["page_token"], await Failures.FieldsOfAsync(() => server.Policies().ListPoliciesAsync(wrong, Admin).ResponseAsync));
        }

        Assert.Equal(
            ["page_size"], await Failures.FieldsOfAsync(() => server.Policies().ListPoliciesAsync(new ListPoliciesRequest { PageSize = -1 }, Admin).ResponseAsync));
    }

    [Fact]
    public async Task RollbackPolicy_goes_back_also_behind_a_deletion_and_the_revisions_tell_it()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await server.Policies().UpdatePolicyAsync(new UpdatePolicyRequest { Policy = new Policy { Id = "gold", Name = "second" } }, Admin);
        await server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold" }, Admin);

        var back = await server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 1 }, Admin);

        Assert.Equal(("", 4), (back.Policy.Name, back.Policy.Revision));
        var revisions = new List<PolicyRevision>();
        var request = new ListPolicyRevisionsRequest { Id = "gold", PageSize = 2 };
        do
        {
            var page = await server.Policies().ListPolicyRevisionsAsync(request, Admin);
            Assert.Equal(4, page.TotalSize);
            revisions.AddRange(page.Revisions);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(
            [(4, "rollback", ""), (3, "delete", "second"), (2, "update", "second"), (1, "create", "")],
            revisions.Select(revision => ((int)revision.Number, revision.Change, revision.Policy.Name)));
        Assert.All(revisions, revision => Assert.Equal(1_770_724_800, revision.Time.Seconds));
        Assert.Equal(
            ["revision"],
            await Failures.FieldsOfAsync(() => server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 3 }, Admin).ResponseAsync));
        Assert.Equal(
            ["revision"], await Failures.FieldsOfAsync(() => server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold" }, Admin).ResponseAsync));
        await Failures.OfAsync(
            () => server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 99 }, Admin).ResponseAsync, StatusCode.NotFound);
        await Failures.OfAsync(
            () => server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 1, Etag = "old" }, Admin).ResponseAsync, StatusCode.Aborted);
        await Failures.OfAsync(
            () => server.Policies().ListPolicyRevisionsAsync(new ListPolicyRevisionsRequest { Id = "none" }, Admin).ResponseAsync, StatusCode.NotFound);
    }

    [Fact]
    public async Task ValidatePolicy_answers_every_finding_and_stores_nothing()
    {
        await using var server = await RunningServer.StartAsync();

        var good = await server.Policies().ValidatePolicyAsync(new ValidatePolicyRequest { Policy = AdminClients.Gold(policy => policy.Id = "") }, Admin);
        Assert.True(good.Valid);
        Assert.Empty(good.Findings);
        var bad = await server.Policies().ValidatePolicyAsync(
            new ValidatePolicyRequest { Policy = AdminClients.Gold(policy => { policy.Rate = -3; policy.QuotaPeriod = "aeon"; policy.Burst = 1; }) }, Admin);
        Assert.False(bad.Valid);
        Assert.Equal(
            [("gold", "burst", Severity.Warning), ("gold", "quota_period", Severity.Error), ("gold", "rate", Severity.Error)],
            bad.Findings.Select(finding => (finding.Subject, finding.Field, finding.Severity)).OrderBy(finding => finding.Field, StringComparer.Ordinal));
        Assert.Equal(0, (await server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), Admin)).TotalSize);
        Assert.Equal(["policy"], await Failures.FieldsOfAsync(() => server.Policies().ValidatePolicyAsync(new ValidatePolicyRequest(), Admin).ResponseAsync));
    }

    [Theory]
    [InlineData("""{"rate":5,"per":1,"quota_max":-1,"access_rights":{"a":{}}}""", true, "")]
    [InlineData("""{"rate":5,"quota_max":-1}""", false, ":per")]
    [InlineData("""{"one":{"rate":5,"quota_max":-1},"two":{"rate":"x","quota_max":-1}}""", false, "one:per two:rate")]
    [InlineData("""{"rate":""", false, ":")]
    public async Task ValidatePolicy_reads_a_document_as_a_file(string document, bool isValid, string errors)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await server.Policies().ValidatePolicyAsync(new ValidatePolicyRequest { Document = document }, Admin);

        Assert.Equal(isValid, answer.Valid);
        Assert.Equal(
            errors, string.Join(" ", answer.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => $"{finding.Subject}:{finding.Field}")));
    }

    [Fact]
    public async Task Policies_of_a_file_are_shown_but_changed_only_in_the_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("policies.json", """{"gold":{"org_id":"acme","rate":5,"per":1,"quota_max":-1,"access_rights":{"orders":{}}}}""");
        await using var server = await RunningServer.StartAsync(["policies:policy_source=file", $"policies:policy_record_name={file}"]);

        var shown = (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin)).Policy;
        Assert.Equal((5, "", 0), (shown.Rate, shown.Etag, shown.Revision));
        Assert.EndsWith("policies.json", shown.Source, StringComparison.Ordinal);
        foreach (var call in new Func<Task>[]
        {
            () => server.Policies().UpdatePolicyAsync(new UpdatePolicyRequest { Policy = new Policy { Id = "gold", Name = "n" } }, Admin).ResponseAsync,
            () => server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = "gold" }, Admin).ResponseAsync,
            () => server.Policies().RollbackPolicyAsync(new RollbackPolicyRequest { Id = "gold", Revision = 1 }, Admin).ResponseAsync,
        })
        {
            var refused = await Failures.OfAsync(call, StatusCode.FailedPrecondition);
            Assert.Contains("policies.json", refused.Status.Detail, StringComparison.Ordinal);
        }

        await Failures.OfAsync(() => server.CreatePolicyAsync(), StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task ReloadPolicies_reads_the_files_at_once_and_keeps_the_set_in_force_where_they_are_wrong()
    {
        using var folder = new TemporaryFolder();
        const string One = """{"gold":{"org_id":"acme","rate":5,"per":1,"quota_max":-1,"access_rights":{"orders":{}}}}""";
        string file = folder.Write("policies.json", One);
        await using var server = await RunningServer.StartAsync(["policies:policy_source=file", $"policies:policy_record_name={file}"]);
        folder.Write("policies.json", """{"gold":{"rate":5,"per":1,"quota_max":-1},"off":{"active":false,"rate":-1,"quota_max":-1},"silver":{"rate":-1,"quota_max":-1}}""");

        Assert.Equal(2, (await server.Policies().ReloadPoliciesAsync(new ReloadPoliciesRequest(), Admin)).PoliciesLoaded);
        folder.Write("policies.json", """{"gold":{"rate":5}}""");
        var failed = await server.Policies().ReloadPoliciesAsync(new ReloadPoliciesRequest(), Admin);
        Assert.Equal(2, failed.PoliciesLoaded);
        var error = Assert.Single(failed.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(("gold", "per"), (error.Subject, error.Field));
        Assert.Contains("policies.json", error.Message, StringComparison.Ordinal);
    }
}
