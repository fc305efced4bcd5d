using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Credentials;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>How a request finds its key, and what that costs the store.</summary>
public sealed class LookUpTests
{
    private const string Custom = "partner-key-0123456789";

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    public async Task No_key_is_KEY_MISSING_and_nothing_is_asked(string presented)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        Verdict verdict = await runtime.AskAsync(presented);

        Assert.Equal((false, Reason.KeyMissing), (verdict.IsAllowed, verdict.Reason));
        Assert.Equal((0, 0, 0), (runtime.KeyStore.Finds.Count, runtime.KeyStore.HashFinds, runtime.Counters.Spendings));
    }

    [Fact]
    public async Task A_well_formed_key_that_nobody_has_is_looked_up_and_unknown()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        string id = KeyToken.CreateId(new byte[KeyToken.IdRandomLength]);

        Verdict verdict = await runtime.AskAsync(KeyToken.Create(id, new byte[KeyToken.SecretRandomLength]));

        Assert.Equal((Reason.KeyUnknown, "key"), (verdict.Reason, verdict.Origin));
        Assert.Equal([id], runtime.KeyStore.Finds);
    }

    [Fact]
    public async Task A_wrong_checksum_is_unknown_without_asking_the_store()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        char last = key.ApiKey[^1] == 'a' ? 'b' : 'a';

        Verdict verdict = await runtime.AskAsync(key.ApiKey[..^1] + last);

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
        Assert.Equal((0, 0), (runtime.KeyStore.Finds.Count, runtime.KeyStore.HashFinds));
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task Another_secret_for_a_known_id_is_unknown_with_and_without_the_key_in_memory()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        string forged = KeyToken.Create(key.Record.Key.Id, new byte[KeyToken.SecretRandomLength]);

        Verdict cold = await runtime.AskAsync(forged);
        Verdict genuine = await runtime.AskAsync(key);
        Verdict warm = await runtime.AskAsync(forged);

        Assert.Equal([Reason.KeyUnknown, Reason.Allowed, Reason.KeyUnknown], new[] { cold.Reason, genuine.Reason, warm.Reason });
        Assert.Null(cold.Grant);
        Assert.Null(warm.Grant);
    }

    [Fact]
    public async Task A_key_is_read_from_the_store_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));

        await runtime.AskAsync(key, 5);
        await runtime.AskAsync("Bearer " + key.ApiKey);

        Assert.Equal([key.Record.Key.Id], runtime.KeyStore.Finds);
    }

    [Fact]
    public async Task A_custom_key_is_found_by_its_hash_once_and_then_in_memory()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);

        Reason[] reasons = await runtime.AskAsync(key, 3);
        Verdict bearer = await runtime.AskAsync("bearer " + Custom);

        Assert.All(reasons, reason => Assert.Equal(Reason.Allowed, reason));
        Assert.Equal(key.Record.Key.Id, bearer.Grant!.KeyId);
        Assert.Equal((1, 1), (runtime.KeyStore.HashFinds, runtime.KeyStore.Finds.Count));
    }

    [Theory]
    [InlineData("fifteen-letters", 0)]
    [InlineData("sixteen--letters", 1)]
    public async Task A_text_below_the_shortest_custom_key_is_not_looked_up(string presented, int lookUps)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        Verdict verdict = await runtime.AskAsync(presented);

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
        Assert.Equal(lookUps, runtime.KeyStore.HashFinds);
    }

    [Fact]
    public async Task An_id_alone_is_no_key()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        await runtime.AskAsync(key);

        Verdict verdict = await runtime.AskAsync(key.Record.Key.Id);

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
    }

    [Fact]
    public async Task The_authorization_header_is_read_where_no_key_is_given()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        DecisionCall call = Sample.Call("");

        Verdict verdict = await runtime.AskAsync(call with
        {
            Request = call.Request with { Headers = [new("Host", "x"), new("AUTHORIZATION", "Bearer " + key.ApiKey)] },
        });

        Assert.Equal(Reason.Allowed, verdict.Reason);
    }

    [Fact]
    public async Task A_key_created_after_it_was_unknown_is_found_at_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        Verdict before = await runtime.AskAsync(Custom);

        await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);

        Assert.Equal(Reason.KeyUnknown, before.Reason);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(Custom)).Reason);
    }

    [Fact]
    public async Task A_custom_text_that_was_rotated_away_opens_the_key_that_has_it_now()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        CreatedKey first = await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);
        await runtime.AskAsync(first);
        RotatedKey rotated = await runtime.Keys.RotateAsync(first.Record.Key.Id, TimeSpan.Zero, "", CancellationToken.None);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(rotated.ApiKey)).Reason);
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(Custom)).Reason);

        CreatedKey second = await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);
        Verdict verdict = await runtime.AskAsync(Custom);

        Assert.Equal(second.Record.Key.Id, verdict.Grant?.KeyId);
    }

    [Fact]
    public async Task A_custom_text_of_a_deleted_key_can_be_used_again()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold", quota: 1));
        CreatedKey first = await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);
        Assert.Equal([Reason.Allowed, Reason.QuotaExceeded], await runtime.AskAsync(first, 2));
        await runtime.Keys.DeleteAsync(first.Record.Key.Id, "", CancellationToken.None);
        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(Custom)).Reason);

        CreatedKey second = await runtime.CreateKeyAsync(Sample.Key("gold"), Custom);

        Assert.Equal([Reason.Allowed, Reason.QuotaExceeded], await runtime.AskAsync(second, 2));
    }

    [Fact]
    public async Task A_public_path_needs_no_key_and_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 1));
        await runtime.Apis.CreateAsync(PublicApi(), CancellationToken.None);

        Verdict without = await runtime.AskAsync("", path: "/status");
        Verdict with = await runtime.AskAsync(key.ApiKey, path: "/status");
        Verdict unknown = await runtime.AskAsync("nobody-has-this-key", path: "/status");

        Assert.All([without, with, unknown], verdict => Assert.True(verdict.IsAllowed));
        Assert.All([without, with, unknown], verdict => Assert.Null(verdict.Grant));
        Assert.Equal("orders", without.Api!.Api.Id);
        Assert.Equal(["rate policy:gold 0/1"], await runtime.UsageAsync(key));
        Assert.Equal(Reason.KeyMissing, (await runtime.AskAsync("", path: "/status", method: "POST")).Reason);
    }

    [Fact]
    public async Task A_public_path_is_allowed_while_the_keys_do_not_answer()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Apis.CreateAsync(PublicApi(), CancellationToken.None);
        runtime.KeyStore.Fails = true;

        Verdict open = await runtime.AskAsync("nobody-has-this-key", path: "/status");
        Verdict closed = await runtime.AskAsync("nobody-has-this-key", path: "/1");

        Assert.Equal((Reason.Allowed, false), (open.Reason, open.IsDegraded));
        Assert.Equal((Reason.StoreUnavailable, true), (closed.Reason, closed.IsDegraded));
    }

    private static Api PublicApi() => new()
    {
        Id = "orders",
        ListenPath = "/orders/",
        Public = [new AllowedUrl("/status", ["GET"])],
    };
}
