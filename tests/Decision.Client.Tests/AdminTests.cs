using Decision.Client.Tests.Conformance;
using Decision.Contracts.Admin.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Decision.Client.Tests;

/// <summary>The client for administration, against a real server.</summary>
public sealed class AdminTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    [Fact]
    public async Task Keys_gives_a_key_that_works_as_it_was_made()
    {
        using var admin = Admin();
        var made = await admin.Keys.CreateKeyAsync(new CreateKeyRequest
        {
            Key = new Key { OrgId = "conformance", Alias = "Zoë", QuotaMax = 10, QuotaRenewalRate = 3600, AccessRights = { ["orders"] = new AccessRight() } },
        });

        var explained = await admin.ExplainAsync(new AuthorizationRequest { ApiKey = made.ApiKey, ApiId = "orders", Method = "GET", Path = "/orders/1" });

        Assert.Equal((true, "Zoë", 10), (explained.Response.Allowed, explained.Response.Alias, explained.Response.Limits[0].Limit));
    }

    [Fact]
    public async Task AllKeysAsync_goes_through_all_pages()
    {
        using var admin = Admin();
        var made = new List<string>();
        for (int n = 0; n < 5; n++)
        {
            made.Add((await admin.Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = "paged", AccessRights = { ["orders"] = new AccessRight() } } })).KeyId);
        }

        var found = new List<string>();
        await foreach (var key in admin.AllKeysAsync(new ListKeysRequest { OrganizationId = "paged", PageSize = 2, PageToken = "" }))
        {
            found.Add(key.KeyId);
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ExplainAsync_takes_a_key_by_its_id()
    {
        using var admin = Admin();
        var made = await admin.Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = "conformance", Alias = "named", AccessRights = { ["orders"] = new AccessRight() } } });

        var explained = await admin.ExplainAsync(new AuthorizationRequest { ApiId = "orders", Method = "GET", Path = "/orders/1" }, made.KeyId);

        Assert.Equal((true, "named"), (explained.Response.Allowed, explained.Response.Alias));
    }

    [Fact]
    public async Task AllPoliciesAsync_and_the_others_tell_everything()
    {
        using var admin = Admin();
        await admin.Organizations.CreateOrganizationAsync(new CreateOrganizationRequest { Organization = new Organization { OrganizationId = "listed" } });

        Assert.Contains("three", await ToListAsync(admin.AllPoliciesAsync(new ListPoliciesRequest { PageSize = 1 }), policy => policy.Id));
        Assert.Contains("orders", await ToListAsync(admin.AllApisAsync(new ListApisRequest { PageSize = 1 }), api => api.ApiId));
        Assert.Contains("listed", await ToListAsync(admin.AllOrganizationsAsync(), organization => organization.OrganizationId));
    }

    [Fact]
    public async Task Policies_refuses_what_is_wrong_with_every_field()
    {
        using var admin = Admin();

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(async () =>
            await admin.Policies.CreatePolicyAsync(new CreatePolicyRequest { Policy = new Policy { Id = "wrong", Rate = -7, QuotaPeriod = "fortnight" } }));

        Assert.True(exception.Violations.Count >= 2);
        Assert.Contains(exception.Violations, violation => violation.Field.EndsWith("rate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apis_tells_what_does_not_go_as_things_are()
    {
        using var admin = Admin();
        var made = await admin.Apis.CreateApiAsync(new CreateApiRequest { Api = new Api { ApiId = "twice" } });
        await admin.Apis.UpdateApiAsync(new UpdateApiRequest { Api = new Api { ApiId = "twice", Name = "changed" } });

        await RefusedAsync(DecisionStateProblem.AlreadyExists, async () => await admin.Apis.CreateApiAsync(new CreateApiRequest { Api = new Api { ApiId = "twice" } }));
        await RefusedAsync(DecisionStateProblem.Conflict, async () =>
            await admin.Apis.UpdateApiAsync(new UpdateApiRequest { Api = new Api { ApiId = "twice", Name = "lost", Etag = made.Api.Etag } }));
        await RefusedAsync(DecisionStateProblem.NotFound, async () => await admin.Policies.GetPolicyAsync(new GetPolicyRequest { Id = "never-made" }));
        await RefusedAsync(DecisionStateProblem.Precondition, async () => await admin.Policies.DeletePolicyAsync(new DeletePolicyRequest { Id = "three" }));
    }

    [Fact]
    public async Task PreviewPolicies_tells_plan_and_effect_and_goes_to_the_address_that_answers()
    {
        using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = $"{TestClients.DeadAddress()},{server.Address}", Secret = server.Secret });
        var wanted = new WantedPolicies { Policies = { new Policy { Id = "previewed", OrgId = "conformance", Rate = 1, Per = 1, AccessRights = { ["orders"] = new AccessRight() } } } };

        // Twice, so that either address comes first once.
        for (int n = 0; n < 2; n++)
        {
            using var call = admin.Policies.PreviewPolicies(new PreviewPoliciesRequest { Wanted = wanted });
            var events = new List<PreviewPoliciesResponse>();
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                events.Add(call.ResponseStream.Current);
            }

            Assert.Equal(("previewed", true), (Assert.Single(events[0].Plan.Policies).Id, events[0].Plan.Valid));
            Assert.Equal(PreviewPoliciesResponse.EventOneofCase.Effect, events[^1].EventCase);
        }
    }

    [Fact]
    public async Task Streams_are_refused_and_fail_as_other_calls_do()
    {
        using var wrong = new DecisionAdminClient(new DecisionAdminOptions { Address = server.Address, Secret = "not-the-secret" });
        using var away = new DecisionAdminClient(new DecisionAdminOptions { Address = TestClients.DeadAddress(), Secret = "s" });
        using var admin = Admin();

        await Assert.ThrowsAsync<DecisionCredentialException>(() => FirstAsync(wrong));
        Assert.False((await Assert.ThrowsAsync<DecisionUnavailableException>(() => FirstAsync(away))).Failure.MayHaveSpent);
        Assert.NotEmpty((await Assert.ThrowsAsync<DecisionRequestException>(() => FirstAsync(admin))).Violations);

        static async Task FirstAsync(DecisionAdminClient client)
        {
            using var call = client.Policies.PreviewPolicies(new PreviewPoliciesRequest());
            await call.ResponseStream.MoveNext(CancellationToken.None);
        }
    }

    [Fact]
    public async Task FollowRefusals_tells_a_refusal_and_ends_when_its_reader_gives_up()
    {
        using var admin = Admin();
        using var giveUp = new CancellationTokenSource();
        var made = await admin.Keys.CreateKeyAsync(new CreateKeyRequest { Key = new Key { OrgId = "conformance", ApplyPolicies = { "three" }, IsInactive = true } });
        using var client = TestClients.To(server.Address, options => options.Token = "conformance-token");
        using var call = admin.Activity.FollowRefusals(new FollowRefusalsRequest { KeyId = made.KeyId }, cancellationToken: giveUp.Token);
        await call.ResponseHeadersAsync;

        await client.AuthorizeAsync(TestClients.Request with { ApiKey = made.ApiKey });

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal((made.KeyId, Contracts.V1.Reason.KeyInactive), (call.ResponseStream.Current.Decision.KeyId, call.ResponseStream.Current.Decision.Reason));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Audit_and_credentials_tell_who_did_what()
    {
        using var admin = Admin();
        var made = await admin.Credentials.CreateAdminCredentialAsync(
            new CreateAdminCredentialRequest { Credential = new AdminCredential { Name = "reader", Role = AdminRole.Viewer } });
        using var reader = new DecisionAdminClient(new DecisionAdminOptions { Address = server.Address, Secret = made.Token });

        Assert.Equal("reader", (await reader.Credentials.WhoAmIAsync(new WhoAmIRequest())).Credential.Name);
        var refused = await Assert.ThrowsAsync<DecisionCredentialException>(async () => await reader.Policies.DeletePolicyAsync(new DeletePolicyRequest { Id = "three" }));
        Assert.Contains("needs the role admin", refused.Message, StringComparison.Ordinal);
        Assert.Contains(made.Credential.CredentialId, await ToListAsync(admin.AllCredentialsAsync(new ListAdminCredentialsRequest { PageSize = 1 }), one => one.CredentialId));
        Assert.Equal(
            ["credential.create"],
            await ToListAsync(admin.AllAuditEntriesAsync(new ListAuditEntriesRequest { ObjectId = made.Credential.CredentialId, PageSize = 1 }), entry => entry.Action));
    }

    [Fact]
    public void Keys_answers_calls_that_block_too()
    {
        using var admin = Admin();

        Assert.Throws<DecisionStateException>(() => admin.Keys.GetKey(new GetKeyRequest { KeyId = "neverMadeByAnyone" }));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_and_not_shown()
    {
        using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = server.Address, Secret = "not-the-secret" });

        var exception = await Assert.ThrowsAsync<DecisionCredentialException>(async () => await admin.Keys.ListKeysAsync(new ListKeysRequest()));

        Assert.DoesNotContain("not-the-secret", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("Decision:Admin:Secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_wrong_secrets_are_told_as_what_they_are()
    {
        await using var own = new ConformanceServer();
        await own.InitializeAsync();
        using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = own.Address, Secret = "not-the-secret" });
        for (int n = 0; n < 20; n++)
        {
            await Assert.ThrowsAsync<DecisionCredentialException>(async () => await admin.Keys.ListKeysAsync(new ListKeysRequest()));
        }

        var exception = await Assert.ThrowsAsync<DecisionCredentialException>(async () => await admin.Keys.ListKeysAsync(new ListKeysRequest()));

        Assert.Contains("Too many wrong admin secrets came from this address", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("larger than", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_tells_who_was_refused()
    {
        using var admin = Admin();

        Assert.True((await admin.Activity.ListRefusedAsync(new ListRefusedRequest())).Total >= 0);
    }

    [Fact]
    public async Task Without_a_service_nothing_was_changed()
    {
        using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = TestClients.DeadAddress(), Secret = "s" });

        var exception = await Assert.ThrowsAsync<DecisionUnavailableException>(async () => await admin.Keys.ListKeysAsync(new ListKeysRequest()));

        Assert.Equal((ServiceFailureKind.Unreachable, false), (exception.Failure.Kind, exception.Failure.MayHaveSpent));
    }

    [Fact]
    public async Task A_call_goes_to_the_address_that_answers_and_ends_by_its_own_deadline()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using var admin = new DecisionAdminClient(new DecisionAdminOptions { Address = $"{TestClients.DeadAddress()},{server.Address}", Secret = server.Secret });
        using var slow = new DecisionAdminClient(new DecisionAdminOptions { Address = $"http://{silent.LocalEndpoint}", Secret = "s" });

        Assert.NotEmpty((await admin.Policies.ListPoliciesAsync(new ListPoliciesRequest())).Policies);
        var exception = await Assert.ThrowsAsync<DecisionUnavailableException>(async () => await slow.Keys.ListKeysAsync(
            new ListKeysRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        Assert.Equal(ServiceFailureKind.TimedOut, exception.Failure.Kind);
    }

    [Fact]
    public async Task A_client_that_was_disposed_says_so()
    {
        var admin = Admin();
        admin.Dispose();

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await admin.Keys.ListKeysAsync(new ListKeysRequest()));

        Assert.Contains(nameof(DecisionAdminClient), exception.ObjectName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddDecisionAdminClient_takes_the_address_of_the_client_and_the_secret_of_a_file()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Decision:Address", server.Address), new("Decision:Admin:SecretFile", folder.Write("secret", server.Secret + "\n")), new("Decision:Admin:Deadline", "30s"),
        ]).Build());
        services.AddDecisionClient().AddDecisionAdminClient();
        await using var provider = services.BuildServiceProvider();

        var policies = await provider.GetRequiredService<DecisionAdminClient>().Policies.ListPoliciesAsync(new ListPoliciesRequest());

        Assert.NotEmpty(policies.Policies);
        Assert.NotNull(provider.GetRequiredService<IDecisionClient>());
    }

    [Theory]
    [InlineData("Admin:Secret", "two words", "Decision:Admin:Secret is empty or has characters other than visible ASCII")]
    [InlineData("Admin:SecretFile", "/none", "Decision:Admin:SecretFile is '/none', which cannot be read")]
    [InlineData("Admin:Deadline", "301s", "Decision:Admin:Deadline is 00:05:01: write 1ms to 00:05:00")]
    [InlineData("Admin:Deadline", "soon", "Decision:Admin:Deadline is 'soon': write a number with its unit")]
    [InlineData("Admin:Secrets", "x", "Decision:Admin:Secrets is not a setting: there are Address, ")]
    [InlineData("Admin:Address", "nowhere", "Decision:Address has 'nowhere': write http://host:port")]
    public void Wrong_settings_are_told(string name, string value, string problem)
    {
        var services = new ServiceCollection();
        var settings = new Dictionary<string, string?> { ["Decision:" + name] = value };
        if (!name.StartsWith("Admin:SecretF", StringComparison.Ordinal))
        {
            settings.TryAdd("Decision:Admin:Secret", "a-secret");
        }

        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddDecisionAdminClient();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<DecisionAdminClient>());

        Assert.StartsWith(problem, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_secret_the_client_says_where_to_write_it()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => new DecisionAdminClient(new DecisionAdminOptions()));

        Assert.Contains("Decision:Admin:Secret is missing", Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.Contains("DECISION_ADMIN_SECRET", exception.Message, StringComparison.Ordinal);
    }

    private DecisionAdminClient Admin() =>
        new(new DecisionAdminOptions { Address = server.Address, Secret = server.Secret, Deadline = TestClients.Patience });

    private static async Task RefusedAsync(DecisionStateProblem problem, Func<Task> call) =>
        Assert.Equal(problem, (await Assert.ThrowsAsync<DecisionStateException>(call)).Problem);

    private static async Task<List<string>> ToListAsync<T>(IAsyncEnumerable<T> all, Func<T, string> id)
    {
        var found = new List<string>();
        await foreach (var item in all)
        {
            found.Add(id(item));
        }

        return found;
    }
}
