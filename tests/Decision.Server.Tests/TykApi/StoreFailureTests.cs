using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.TykApi;

public class StoreFailureTests
{
    private const string Gold = """{"id": "gold", "org_id": "acme", "rate": 5, "per": 1, "quota_max": 9, "access_rights": {"orders": {}}}""";
    private const string Session = """{"org_id": "acme", "apply_policies": ["gold"]}""";
    private const string Key = "/tyk/keys/a-key-of-the-tests-1";

    public static TheoryData<string, string, string?> Calls => new()
    {
        { "POST", "/tyk/keys/create", Session },
        { "POST", Key, Session },
        { "PUT", Key, Session },
        { "GET", Key, null },
        { "DELETE", Key, null },
        { "GET", "/tyk/keys", null },
        { "POST", "/tyk/keys/policy/0000000000000000000000000000000000000000000000000000000000000000", """{"policy": "gold"}""" },
        { "GET", "/tyk/policies", null },
        { "POST", "/tyk/policies", Gold },
        { "PUT", "/tyk/policies/gold", Gold },
        { "DELETE", "/tyk/policies/gold", null },
        { "GET", "/tyk/org/keys", null },
        { "GET", "/tyk/org/keys/acme", null },
        { "POST", "/tyk/org/keys/acme", """{"rate": 1, "per": 1}""" },
        { "DELETE", "/tyk/org/keys/acme", null },
        { "GET", "/api/portal/policies", null },
        { "POST", "/api/portal/policies", Gold },
        { "PUT", "/api/portal/policies/gold", Gold },
        { "DELETE", "/api/portal/policies/gold", null },
    };

    private static async Task<(RunningServer Server, FailingStores Stores)> StartAsync()
    {
        FailingStores? stores = null;
        var server = await RunningServer.StartAsync(replace: services =>
        {
            object[] inner = [.. new[] { typeof(IKeyStore), typeof(IDocumentStore), typeof(ICounterStore) }.Select(port => services.Last(service => service.ServiceType == port))];
            services.AddSingleton(provider => stores = new FailingStores(
                Make<IKeyStore>(provider, inner[0]), Make<IDocumentStore>(provider, inner[1]), Make<ICounterStore>(provider, inner[2])));
            services.AddSingleton<IKeyStore>(provider => provider.GetRequiredService<FailingStores>());
            services.AddSingleton<IDocumentStore>(provider => provider.GetRequiredService<FailingStores>());
            services.AddSingleton<ICounterStore>(provider => provider.GetRequiredService<FailingStores>());
        });
        return (server, stores!);
    }

    private static T Make<T>(IServiceProvider provider, object descriptor)
    {
        var service = (ServiceDescriptor)descriptor;
        return (T)(service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_store_that_fails_at_any_step_is_503_in_the_callers_shape(string method, string target, string? body)
    {
        var (server, stores) = await StartAsync();
        await using var running = server;
        bool isPortal = target.StartsWith("/api", StringComparison.Ordinal);
        for (int calls = 0; ; calls++)
        {
            stores.CallsLeft = int.MaxValue;
            await server.CallAsync("POST", "/tyk/policies", Gold);
            await server.CallAsync("POST", Key, Session);
            await server.CallAsync("POST", "/tyk/org/keys/acme", """{"rate": 1, "per": 1, "quota_max": 5, "quota_renewal_rate": 9}""");
            stores.CallsLeft = calls;
            var (status, text) = await server.CallAsync(method, target, body);
            if (stores.CallsLeft >= 0)
            {
                // This many calls are enough: nothing failed.
                Assert.True(calls > 0 && status != 503, $"{calls}: {status} {text}");
                return;
            }

            Assert.True(status == 503, $"{calls}: {status} {text}");
            var expected = isPortal
                ? new JsonObject { ["Status"] = "Error", ["Message"] = "The store does not answer.", ["Meta"] = null }
                : new JsonObject { ["status"] = "error", ["message"] = "The store does not answer." };
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(text)), text);
        }
    }

    [Fact]
    public async Task Many_keys_are_listed_page_by_page()
    {
        var (server, stores) = await StartAsync();
        await using var running = server;
        string[] ids = await StoreKeysAsync(server, 2500);
        stores.CallsLeft = 1000;

        var listed = await server.DoAsync("GET", "/tyk/keys");

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed["keys"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(3, 1000 - stores.CallsLeft);
    }

    [Fact]
    public async Task A_list_that_the_store_breaks_off_is_no_whole_answer()
    {
        var (server, stores) = await StartAsync();
        await using var running = server;
        await StoreKeysAsync(server, 2500);
        stores.CallsLeft = 2;

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.CallAsync("GET", "/tyk/keys"));
    }

    [Fact]
    public async Task A_hash_is_found_beyond_the_first_page()
    {
        var (server, _) = await StartAsync();
        await using var running = server;
        await StoreKeysAsync(server, 1500);
        await server.CallAsync("POST", "/tyk/policies", Gold);
        var created = await server.DoAsync("POST", "/tyk/keys/create", """{"org_id": "acme", "alias": "wanted", "apply_policies": ["gold"]}""");

        var found = await server.DoAsync("GET", $"/tyk/keys/{created.Text("key_hash").ToUpperInvariant()}?hashed=1");

        Assert.Equal("wanted", found.Text("alias"));
    }

    private static async Task<string[]> StoreKeysAsync(RunningServer server, int count)
    {
        var ids = new List<string>();
        for (int number = 0; number < count; number++)
        {
            string token = await server.CreateKeyAsync(new Key { OrganizationId = "many", Tags = ImmutableArray<string>.Empty });
            ids.Add(token.Split('_')[1]);
        }

        return [.. ids];
    }
}
