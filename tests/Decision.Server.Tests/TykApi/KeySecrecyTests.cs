using System.Collections.Concurrent;
using System.Diagnostics;
using Decision.Server.Tests.Proxies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.TykApi;

public class KeySecrecyTests
{
    private const string Custom = "a-custom-key-that-nobody-may-see";

    private static readonly string[] Targets =
    [
        "/tyk/keys/{0}", "/tyk/keys/{0}/", "/tyk/keys/{0}?hashed=1", "/TYK/Keys/{0}", "/tyk/keys/policy/{0}", "/tyk//keys/{0}", "//tyk/keys/{0}",
        "/tyk/key/{0}", "/tyk/keys/{0}/more", "/tyk/keys/./{0}", "/tyk/keys/x/../{0}", "/tyk%2Fkeys%2F{0}", "/tyk/keys%2F{0}", "/tyk/keys/create/{0}",
    ];

    [Fact]
    public async Task No_log_line_no_trace_and_no_metric_has_a_key()
    {
        using var lines = new LoggedLines();
        var traces = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traces.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await RunningServer.StartAsync(
            ["Logging:Console:LogLevel:Default=None"],
            replace: services => services.AddLogging(logging => logging.AddProvider(lines).AddFilter<LoggedLines>(null, LogLevel.Trace)));
        await server.DoAsync("POST", "/tyk/policies", """{"id": "gold", "org_id": "acme", "rate": 5, "per": 1, "access_rights": {"orders": {}}}""");
        string made = (await server.DoAsync("POST", "/tyk/keys/create", """{"org_id": "acme", "apply_policy_id": "gold"}""")).Text("key");
        await server.DoAsync("POST", "/tyk/keys/" + Custom, """{"org_id": "acme", "apply_policies": ["gold"]}""");

        foreach (string key in new[] { made, Custom })
        {
            foreach (string target in Targets)
            {
                foreach (string method in new[] { "GET", "PUT", "POST", "PATCH" })
                {
                    await server.CallAsync(method, string.Format(null, target, key), method is "PUT" or "POST" ? """{"rate": "wrong"}""" : null);
                }

                await RawHttp.SendAsync(server.Listeners.Http!, $"GET {string.Format(null, target, key)} HTTP/1.1\nHost: x\nConnection: close\n\n");
                await RawHttp.SendAsync(server.Listeners.Http!, $"GET {string.Format(null, target, key)}%00 HTTP/1.1\nHost: x\nConnection: close\n\n");
                await RawHttp.SendAsync(server.Listeners.Http!, $"GET http://x{string.Format(null, target, key)} HTTP/1.1\nHost: x\nConnection: close\n\n");
            }
        }

        await server.DoAsync("DELETE", "/tyk/keys/" + made);
        await server.DoAsync("DELETE", "/tyk/keys/" + Custom);
        string metrics = await server.Http.GetStringAsync("/metrics");

        // What is proved is proved of something: paths are logged, keys by their id.
        Assert.Contains(lines.Lines, line => line.Contains("/tyk/keys/-", StringComparison.Ordinal));
        Assert.Contains(lines.Lines, line => line.Contains("apply_policy_id: is deprecated", StringComparison.Ordinal));
        Assert.NotEmpty(traces);
        foreach (string secret in new[] { made, made[20..], Custom, RunningServer.Secret })
        {
            Assert.DoesNotContain(lines.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(traces, trace => trace.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(secret, metrics, StringComparison.OrdinalIgnoreCase);
        }
    }
}
