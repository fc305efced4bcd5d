using System.Net;
using System.Text.Json;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Health;

public class HealthTests
{
    [Fact]
    public async Task Ready_and_live_of_a_sound_server()
    {
        await using var server = await RunningServer.StartAsync();

        string ready = await server.Http.GetStringAsync("/healthz/ready");

        Assert.Equal("""{"status":"live"}""", await server.Http.GetStringAsync("/healthz/live"));
        Assert.StartsWith(
            """{"status":"ready","degraded":false,"parts":[{"name":"sqlite","status":"ok"}""",
            ready,
            StringComparison.Ordinal);
        Assert.EndsWith($",\"version\":\"{ProductVersion.Written}\"}}", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_with_failing_parts_answers_200_and_names_them()
    {
        await using var server = await RunningServer.StartAsync(replace: services =>
        {
            services.AddSingleton<IStoreHealth, FailingStore>();
            services.AddSingleton<IStatusPart, FailingPart>();
        });

        using var response = await server.Http.GetAsync("/healthz/ready");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("degraded", body.RootElement.GetProperty("status").GetString());
        Assert.Equal(
            [("broken store", "It does not answer."), ("broken part", "It is broken.")],
            body.RootElement.GetProperty("parts").EnumerateArray()
                .Where(part => part.GetProperty("status").GetString() == "failing")
                .Select(part => (part.GetProperty("name").GetString(), part.GetProperty("problem").GetString())));
    }

    [Fact]
    public async Task Ready_while_draining_is_503_and_grpc_health_does_not_serve()
    {
        await using var server = await RunningServer.StartAsync(["Server:DrainDelay=1m"]);
        var health = new global::Grpc.Health.V1.Health.HealthClient(server.Channel);
        var before = await health.CheckAsync(new HealthCheckRequest { Service = "decision.v1.AuthorizeService" });

        var stopping = server.StopAsync();
        using var response = await server.Http.GetAsync("/healthz/ready");
        var during = await health.CheckAsync(new HealthCheckRequest());
        var verdict = await server.Client.AuthorizeAsync(Samples.Ask("nobody"));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await stopping;

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, before.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"draining\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, during.Status);
        Assert.Equal(Contracts.V1.Reason.KeyUnknown, verdict.Reason);
    }

    [Fact]
    public async Task Reflection_lists_the_services()
    {
        await using var server = await RunningServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();

        Assert.Contains("decision.v1.AuthorizeService", names);
        Assert.Contains("grpc.health.v1.Health", names);
    }

    // A line of Prometheus text is: name{labels} value [timestamp].
    private sealed class FailingStore : IStoreHealth
    {
        public string Part => "broken store";

        public ValueTask<string?> CheckAsync(CancellationToken cancellation) => new("It does not answer.");
    }

    private sealed class FailingPart : IStatusPart
    {
        public string Name => "broken part";

        public string? Problem => "It is broken.";
    }
}
