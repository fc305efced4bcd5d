using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Admin;

/// <summary>Policies made what they are to be, over gRPC.</summary>
public class PolicyApplyTests
{
    private static Metadata Admin => RunningServer.Admin;

    [Fact]
    public async Task ApplyPolicies_of_messages_and_texts_stores_all_and_again_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var request = new ApplyPoliciesRequest
        {
            Wanted = new WantedPolicies
            {
                Policies = { AdminClients.Gold(policy => policy.Rate = 50) },
                Texts =
                {
                    new PolicyText { Name = "silver.json", Json = """{"org_id":"acme","rate":1,"per":1,"quota_max":-1,"access_rights":{"orders":{"api_id":"orders"}}}""" },
                    new PolicyText { Name = "more.json", Json = """{"bronze":{"org_id":"acme","Rate":1,"per":1,"quota_max":-1,"x-own":7,"access_rights":{"orders":{}}}}""" },
                },
            },
        };

        var applied = await server.ApplyAsync(request);

        Assert.True(applied.Applied);
        Assert.True(applied.Plan.Valid);
        Assert.Equal(["bronze Created 1", "gold Updated 2", "silver Created 1"], applied.Plan.Policies.Select(Told));
        var rate = Assert.Single(applied.Plan.Policies[1].Fields);
        Assert.Equal(("rate", "100", "50"), (rate.Field, rate.Before, rate.After));
        Assert.Contains(applied.Plan.Policies[2].Fields, field => (field.Field, field.HasBefore, field.After) == ("org_id", false, "\"acme\""));
        Assert.Contains(applied.Plan.Findings, finding => (finding.Subject, finding.Field, finding.Severity) == ("bronze", "x-own", Severity.Warning));
        var gold = (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin)).Policy;
        Assert.Equal((applied.Plan.Policies[1].Etag, 2, 50), (gold.Etag, gold.Revision, gold.Rate));
        var bronze = (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "bronze" }, Admin)).Policy;
        Assert.Equal(7, bronze.ExtraFields.Fields["x-own"].NumberValue);

        var again = await server.ApplyAsync(request);

        Assert.False(again.Applied);
        Assert.Equal("", again.Plan.Fingerprint);
        Assert.Equal(["bronze Unchanged 1", "gold Unchanged 2", "silver Unchanged 1"], again.Plan.Policies.Select(Told));
        Assert.Equal(2, (await server.Policies().ListPolicyRevisionsAsync(new ListPolicyRevisionsRequest { Id = "gold" }, Admin)).TotalSize);
    }

    [Fact]
    public async Task A_policy_for_another_organisations_api_is_warned_of_wherever_it_is_written()
    {
        await using var server = await RunningServer.StartAsync(apis: new Dictionary<string, string> { ["things"] = """{"api_id":"things","organization_id":"globex","listen_path":"/things/"}""" });
        var policy = AdminClients.Gold(gold => gold.AccessRights["things"] = new AccessRight { ApiId = "things" });
        const string Text = """{"gold":{"org_id":"acme","rate":1,"per":1,"quota_max":-1,"access_rights":{"things":{},"orders":{}}}}""";
        var client = server.Policies();
        var wanted = new[]
        {
            new WantedPolicies { Policies = { policy } },
            new WantedPolicies { Texts = { new PolicyText { Name = "gold.json", Json = Text } } },
        };

        AssertWarned((await client.ValidatePolicyAsync(new ValidatePolicyRequest { Policy = policy }, Admin)).Findings);
        AssertWarned((await client.ValidatePolicyAsync(new ValidatePolicyRequest { Document = Text }, Admin)).Findings);
        foreach (var each in wanted)
        {
            AssertWarned((await server.ApplyAsync(new ApplyPoliciesRequest { Wanted = each, DryRun = true })).Plan.Findings);
            using var preview = client.PreviewPolicies(new PreviewPoliciesRequest { Wanted = each }, Admin);
            Assert.True(await preview.ResponseStream.MoveNext(CancellationToken.None));
            AssertWarned(preview.ResponseStream.Current.Plan.Findings);
        }

        AssertWarned((await client.CreatePolicyAsync(new CreatePolicyRequest { Policy = policy }, Admin)).Findings);
        AssertWarned((await client.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = policy, UpdateMask = new() { Paths = { "rate" } } }, Admin)).Findings);
    }

    [Fact]
    public async Task ApplyPolicies_as_a_dry_run_stores_nothing_and_says_what_changes_for_keys()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy => policy.AccessRights["reports"] = new AccessRight());
        string key = (await server.MakeKeyAsync()).ApiKey;
        await server.MakeKeyAsync();

        var planned = await server.ApplyAsync(
            new ApplyPoliciesRequest { Wanted = Wanted(AdminClients.Gold(policy => (policy.Rate, policy.QuotaMax) = (50, -1))), DryRun = true });

        Assert.False(planned.Applied);
        Assert.NotEqual("", planned.Plan.Fingerprint);
        Assert.Equal(2, Assert.Single(planned.Plan.Policies).KeysUsing);
        Assert.Equal((2, 2, 2), (planned.Effect.KeysUsing, planned.Effect.KeysLookedAt, planned.Effect.KeysChanged));
        Assert.Equal(
            ["2 keys lose API reports", "2 keys: quota on API orders 10/3600s -> unlimited", "2 keys: rate on API orders 100/10s -> 50/10s"],
            planned.Effect.Effects.Select(effect => effect.Text).Order(StringComparer.Ordinal));
        Assert.All(planned.Effect.Effects, effect => Assert.Equal(2, effect.SampleKeyIds.Count));
        Assert.Equal(Reason.Allowed, (await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.ApiId = "reports"))).Reason);
    }

    [Fact]
    public async Task ApplyPolicies_with_errors_in_several_says_all_of_them_and_stores_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var request = new ApplyPoliciesRequest
        {
            Wanted = new WantedPolicies
            {
                Policies =
                {
                    AdminClients.Gold(),
                    AdminClients.Gold(policy => (policy.Id, policy.Per, policy.RateAlgorithm) = ("silver", 0, "magic")),
                    AdminClients.Gold(policy => policy.Id = ""),
                },
                Texts =
                {
                    new PolicyText { Name = "a.json", Json = """{"gold":{"rate":1,"per":1,"quota_max":-1}}""" },
                    new PolicyText { Name = "c.json", Json = """{"iron":{"rate":"much"}}""" },
                    new PolicyText { Name = "b.json", Json = "[" },
                    new PolicyText { Json = "{}" },
                },
            },
        };

        string[] fields = await Failures.FieldsOfAsync(() => server.ApplyAsync(request));

        Assert.Equal(
            ["b.json", "gold.id", "iron.rate", "silver.per", "silver.rate_algorithm", "wanted.policies[2].id", "wanted.texts[3].name"],
            fields.Order(StringComparer.Ordinal));
        request.DryRun = true;
        Assert.Equal(fields, await Failures.FieldsOfAsync(() => server.ApplyAsync(request)));
        Assert.Empty((await server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), Admin)).Policies);
    }

    [Fact]
    public async Task ApplyPolicies_without_policies_or_with_a_wrong_number_is_refused()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(["wanted"], await Failures.FieldsOfAsync(() => server.ApplyAsync(new ApplyPoliciesRequest())));
        Assert.Equal(["wanted"], await Failures.FieldsOfAsync(() => server.ApplyAsync(new ApplyPoliciesRequest { Wanted = new WantedPolicies { Prune = true } })));
        Assert.Equal(["max_keys"], await Failures.FieldsOfAsync(() => server.ApplyAsync(new ApplyPoliciesRequest { Wanted = Wanted(), MaxKeys = -1 })));
        await Failures.OfAsync(
            () => server.Policies().ApplyPoliciesAsync(new ApplyPoliciesRequest { Wanted = Wanted(AdminClients.Gold()) }).ResponseAsync, StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task ApplyPolicies_of_what_a_file_has_is_refused_with_its_name_and_prune_leaves_it()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("policies.json", """{"gold":{"org_id":"acme","rate":5,"per":1,"quota_max":-1,"access_rights":{"orders":{}}}}""");
        await using var server = await RunningServer.StartAsync(["policies:policy_source=file", $"policies:policy_record_name={file}"]);

        var refused = await Failures.OfAsync(
            () => server.ApplyAsync(new ApplyPoliciesRequest { Wanted = Wanted(AdminClients.Gold(), AdminClients.Gold(policy => policy.Id = "other")) }),
            StatusCode.FailedPrecondition);
        Assert.Contains("The policy gold comes from the file", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("policies.json", refused.Status.Detail, StringComparison.Ordinal);

        var wanted = Wanted(AdminClients.Gold(policy => policy.Id = "other"));
        wanted.Prune = true;
        Assert.Equal("other", Assert.Single((await server.ApplyAsync(new ApplyPoliciesRequest { Wanted = wanted })).Plan.Policies).Id);
        Assert.Equal(["gold", "other"], (await server.Policies().ListPoliciesAsync(new ListPoliciesRequest(), Admin)).Policies.Select(policy => policy.Id));
    }

    [Fact]
    public async Task ApplyPolicies_that_prunes_what_keys_use_needs_force()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        string key = (await server.MakeKeyAsync()).ApiKey;
        var wanted = Wanted(AdminClients.Gold(policy => policy.Id = "other"));
        wanted.Prune = true;
        var request = new ApplyPoliciesRequest { Wanted = wanted };

        var refused = await Failures.OfAsync(() => server.ApplyAsync(request), StatusCode.FailedPrecondition);
        Assert.Contains("1 key uses policies that would be removed: gold (1)", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Reason.Allowed, await server.AskAsync(key));
        request.Force = true;
        var applied = await server.ApplyAsync(request);

        Assert.Equal(["gold Deleted 2", "other Created 1"], applied.Plan.Policies.Select(Told));
        Assert.Equal("1 key can no longer be used: POLICY_MISSING (gold)", Assert.Single(applied.Effect.Effects).Text);
        Assert.Equal(Reason.PolicyMissing, await server.AskAsync(key));
    }

    [Fact]
    public async Task ApplyPolicies_of_another_plan_than_was_looked_at_is_aborted()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        var request = new ApplyPoliciesRequest { Wanted = Wanted(AdminClients.Gold(policy => policy.Rate = 50)), DryRun = true };
        request.Fingerprint = (await server.ApplyAsync(request)).Plan.Fingerprint;
        request.DryRun = false;
        await server.Policies().UpdatePolicyAsync(new UpdatePolicyRequest { Policy = new Policy { Id = "gold", Rate = 60 } }, Admin);

        var refused = await Failures.OfAsync(() => server.ApplyAsync(request), StatusCode.Aborted);

        Assert.Equal("ETAG_MISMATCH", AdminClients.ReasonOf(refused));
        Assert.Equal(60, (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin)).Policy.Rate);
    }

    [Fact]
    public async Task PreviewPolicies_tells_the_plan_how_far_it_is_and_the_effect_in_that_order()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        for (int number = 0; number < 260; number++)
        {
            await server.CreateKeyAsync("gold");
        }

        var told = await server.PreviewAsync(new PreviewPoliciesRequest { Wanted = Wanted(AdminClients.Gold(policy => policy.Rate = 50)) });

        Assert.Equal(
            ["Plan", "Progress", "Progress", "Effect"],
            told.Select(one => one.EventCase.ToString()));
        Assert.Equal((250, 260), (told[1].Progress.KeysLookedAt, told[1].Progress.KeysTotal));
        Assert.Equal("260 keys: rate on API orders 100/10s -> 50/10s", Assert.Single(told[3].Effect.Effects).Text);
        Assert.Equal(100, (await server.Policies().GetPolicyAsync(new GetPolicyRequest { Id = "gold" }, Admin)).Policy.Rate);
    }

    [Fact]
    public async Task PreviewPolicies_with_errors_answers_them_all()
    {
        await using var server = await RunningServer.StartAsync();
        var wanted = Wanted(AdminClients.Gold(policy => policy.Per = 0));
        wanted.Texts.Add(new PolicyText { Name = "a.json", Json = """{"iron":{"rate":"much"}}""" });

        var plan = Assert.Single(await server.PreviewAsync(new PreviewPoliciesRequest { Wanted = wanted })).Plan;

        Assert.False(plan.Valid);
        Assert.Empty(plan.Policies);
        Assert.Equal(
            [("gold", "per"), ("iron", "rate")],
            plan.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => (finding.Subject, finding.Field)));
        Assert.Contains("(In a.json.)", plan.Findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyPolicies_under_load_shows_each_decision_the_old_or_the_new_policies_and_never_both()
    {
        await using var server = await RunningServer.StartAsync();
        string key = "";
        using var enough = new CancellationTokenSource();

        // The policies of one round have the same revision, for each round changes both.
        WantedPolicies Round(int number) => Wanted(
            AdminClients.Gold(policy =>
            {
                (policy.Id, policy.Rate, policy.Per, policy.QuotaMax, policy.Name) = ("access", 0, 0, 0, $"{number}");
                policy.QuotaRenewalRate = 0;
                policy.Partitions = new PolicyPartitions { Acl = true };
            }),
            new Policy { Id = "speed", OrgId = "acme", Rate = 1_000_000 + number, Per = 1, Partitions = new PolicyPartitions { RateLimit = true } });
        await server.ApplyAsync(new ApplyPoliciesRequest { Wanted = Round(0) });
        key = (await server.MakeKeyAsync(one =>
        {
            one.ApplyPolicies.Clear();
            one.ApplyPolicies.AddRange(["access", "speed"]);
        })).ApiKey;
        var asking = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<long>();
            while (!enough.IsCancellationRequested)
            {
                var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key));
                Assert.True(verdict.Allowed, verdict.ToString());
                long revision = Assert.Single(verdict.Policies.Select(policy => policy.Revision).Distinct());
                Assert.Equal(1_000_000 + revision - 1, verdict.Limits.Single(limit => limit.Name == "rate").Limit);
                seen.Add(revision);
            }

            return seen.Count;
        })).ToArray();

        for (int number = 1; number <= 60; number++)
        {
            Assert.True((await server.ApplyAsync(new ApplyPoliciesRequest { Wanted = Round(number), MaxKeys = 0 })).Applied);
        }

        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(asking), seen => Assert.True(seen > 1, $"Only {seen} of 61 rounds was seen."));
    }

    private static WantedPolicies Wanted(params Policy[] policies) => new() { Policies = { policies } };

    private static string Told(PolicyChange change) => $"{change.Id} {change.Kind} {change.Revision}";

    private static void AssertWarned(IEnumerable<Finding> findings)
    {
        var finding = Assert.Single(findings, finding => finding.Field.StartsWith("access_rights.", StringComparison.Ordinal));
        Assert.Equal(("access_rights.things", Severity.Warning), (finding.Field, finding.Severity));
        Assert.Contains("organisation \"globex\"", finding.Message, StringComparison.Ordinal);
        Assert.Contains("ORGANIZATION_MISMATCH", finding.Message, StringComparison.Ordinal);
    }
}
