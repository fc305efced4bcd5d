using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Decisions.Groups;
using Decision.Runtime.Hosting;
using Decision.Server.Configuration;
using Decision.Server.Grpc;
using Decision.Server.Grpc.Wire;
using Decision.Server.Proxies.Envoy;
using Decision.Storage.Embedded.Hosting;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;

namespace Decision.Server.Hosting;

/// <summary>
/// Decides some requests on a store of its own in memory before the server opens its addresses, so that the code of decisions is compiled. A decision on
/// Redis has a deadline: that of the first ones would go by while their code is compiled, and a server that is restarted under load would refuse them.
/// On the embedded store it would cost the start more than it spares the first call.
/// </summary>
internal static class WarmUp
{
    private const int AtOnce = 8;
    private const int Rounds = 4;
    private const string Api = "warm-up";

    /// <summary>Whether code is compiled while the server runs: not where the program was published as native code.</summary>
    public static bool IsNeeded => RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>Adds the call that the server makes to itself before its addresses are open.</summary>
    public static void AddCall(IServiceCollection services)
    {
        if (IsNeeded)
        {
            services.AddSingleton<WarmUpTransport>();
            services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<WarmUpTransport>());
        }
    }

    /// <summary>Needs a moment; the server's own stores, metrics and log see nothing of it.</summary>
    public static async Task RunAsync(ServerSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddDecisionRuntime(options => options.SecretsKey = new byte[32]);
        builder.Services.AddEmbeddedStorage(options => options.Path = ":memory:");
        builder.Services.AddSingleton<IMeterFactory, WarmUpMeters>();
        using var host = builder.Build();
        await host.StartAsync();
        var runtime = host.Services.GetRequiredService<DecisionRuntime>();
        var groups = host.Services.GetRequiredService<GroupDecisions>();
        var mapping = new VerdictMapping(settings, host.Services.GetRequiredService<TimeProvider>());
        var writer = new VerdictWriter(settings, host.Services.GetRequiredService<TimeProvider>());
        await host.Services.GetRequiredService<PolicyAdministration>().CreateAsync(Policy(), CancellationToken.None);
        var keys = host.Services.GetRequiredService<KeyAdministration>();
        for (int round = 0; round < Rounds; round++)
        {
            var key = await keys.CreateAsync(new Key { ApplyPolicies = [Api] }, "", allowsUnknownPolicies: false, CancellationToken.None);
            byte[] request = new AuthorizeRequest { ApiKey = key.ApiKey, ApiId = Api, Method = "GET", Path = "/" }.ToByteArray();
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => DecideAsync(runtime, groups, mapping, writer, request))));
        }

        await host.StopAsync();
    }

    private static async Task DecideAsync(DecisionRuntime runtime, GroupDecisions groups, VerdictMapping mapping, VerdictWriter writer, byte[] bytes)
    {
        var request = AuthorizeRequest.Parser.ParseFrom(bytes);
        RequestShape.Require(request);
        var verdict = await runtime.DecideAsync(RequestMapping.ToCall(request, null), CancellationToken.None);
        writer.Write(in verdict);
        GroupedCall[] group =
        [
            GroupedCall.OfKey(request.ApiKey, RequestMapping.ToCall(request, null).Request, 1),
            GroupedCall.OfPolicy(Api, new Subject(SubjectKind.Descriptor, Api), null, 1),
        ];
        foreach (var one in await groups.DecideAsync(group, TimeSpan.FromSeconds(10), CancellationToken.None))
        {
            RateLimitAnswers.Of([mapping.ToResponse(in one)], DateTimeOffset.UnixEpoch).ToByteArray();
        }
    }

    // The limits are reached, so that refusals are warm too.
    private static Policy Policy() => new()
    {
        Id = Api,
        OrganizationId = "",
        Limits = new LimitSettings { Rate = new RateSettings(AtOnce, 60), Quota = new QuotaSettings(AtOnce - 1, 60) },
        AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.Add(Api, new AccessRight { ApiId = Api, ApiName = Api, Versions = ["Default"] }),
    };
}
