using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Policies;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Spectre.Console;

namespace Decision.Cli.Status;

/// <summary>What a service tells of itself.</summary>
internal sealed class StatusReport
{
    private const string VersionHeader = "decision-version";

    private long _policies;
    private long _switchedOff;
    private long _apis;
    private long _organizations;
    private long _keys;
    private string _adminProblem = "";
    private IReadOnlyList<string> _services = [];

    private StatusReport(string address, string version, string health, TimeSpan answered) => (Address, Version, Health, Answered) = (address, version, health, answered);

    public string Address { get; }

    /// <summary>The server's version; empty = it does not tell, or what stands before it keeps that back.</summary>
    public string Version { get; }

    /// <summary><c>SERVING</c>, or what it is instead.</summary>
    public string Health { get; }

    public TimeSpan Answered { get; }

    /// <summary>What it says over HTTP; null = it was not asked.</summary>
    public Readiness? Ready { get; set; }

    public bool IsServing => Health == "SERVING";

    public static async Task<StatusReport> ReadAsync(Session session)
    {
        var time = session.Shell.Time;
        var client = new Health.HealthClient(session.Calls);
        await client.CheckAsync(new HealthCheckRequest());

        // Once more, so that neither connecting nor compiling is told as the service's time.
        long asked = time.GetTimestamp();
        using var call = client.CheckAsync(new HealthCheckRequest());
        var health = await call;
        var took = time.GetElapsedTime(asked);
        var report = new StatusReport(
            session.Connection.Settings.Address.ToString().TrimEnd('/'),
            (await call.ResponseHeadersAsync).GetValue(VersionHeader) ?? "",
            health.Status == HealthCheckResponse.Types.ServingStatus.Serving ? "SERVING" : "NOT_SERVING",
            took);
        report._services = await ServicesAsync(session);
        try
        {
            await report.CountAsync(session);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented)
        {
            // Whether it lives is told without the secret too.
            report._adminProblem = refused.Status.Detail;
        }

        return report;
    }

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["address"] = Address,
            ["version"] = Version.Length > 0 ? Version : null,
            ["health"] = Health,
            ["answered_ms"] = Math.Round(Answered.TotalMilliseconds, 1),
            ["services"] = new JsonArray([.. _services.Select(service => JsonValue.Create(service))]),
            ["tool_version"] = ToolVersion.Text,
        };
        if (_adminProblem.Length > 0)
        {
            json["admin_problem"] = _adminProblem;
        }
        else
        {
            json["policies"] = _policies;
            json["policies_loaded"] = _policies - _switchedOff;
            json["apis"] = _apis;
            json["organizations"] = _organizations;
            json["keys"] = _keys;
        }

        if (Ready is { } ready)
        {
            json["ready"] = ready.Json.DeepClone();
        }

        return json;
    }

    public void Show(IAnsiConsole console)
    {
        string number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
        string held(string text) => _adminProblem.Length > 0 ? "" : text;
        console.Write(Tables.Fields(
            ("address", Address),
            ("version", Version),
            ("health", string.Create(CultureInfo.InvariantCulture, $"{Health}, answered in {Answered.TotalMilliseconds:0} ms")),
            ("policies", held($"{number(_policies - _switchedOff)} loaded{(_switchedOff > 0 ? $", {number(_switchedOff)} switched off" : "")}")),
            ("APIs", held(number(_apis))),
            ("organisations", held(number(_organizations))),
            ("keys", held(number(_keys))),
            ("administration", _adminProblem),
            ("services", string.Join('\n', _services)),
            ("tool version", ToolVersion.Text),
            ("readiness", Ready?.Status)));
        if (Ready is { } ready)
        {
            console.WriteLine();
            var table = Tables.Create("PART", "STATE");
            foreach (var (name, state) in ready.Parts)
            {
                table.Row(name, state);
            }

            console.WriteTable(table);
        }
    }

    private static async Task<IReadOnlyList<string>> ServicesAsync(Session session)
    {
        try
        {
            using var call = new ServerReflection.ServerReflectionClient(session.Calls).ServerReflectionInfo(
                deadline: (session.Shell.Time.GetUtcNow() + session.Connection.Settings.Timeout).UtcDateTime);
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, session.Cancellation);
            await call.RequestStream.CompleteAsync();
            return await call.ResponseStream.MoveNext(session.Cancellation)
                ? [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.Unimplemented or StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            return [];
        }
    }

    private async Task CountAsync(Session session)
    {
        await foreach (var policy in PolicyReader.ListAsync(session).WithCancellation(session.Cancellation))
        {
            _policies++;
            _switchedOff += policy is { HasActive: true, Active: false } ? 1 : 0;
        }

        _apis = (await session.Apis.ListApisAsync(new ListApisRequest { PageSize = 1 })).TotalSize;
        _organizations = (await session.Organizations.ListOrganizationsAsync(new ListOrganizationsRequest { PageSize = 1 })).TotalSize;
        _keys = (await session.Keys.ListKeysAsync(new ListKeysRequest { PageSize = 1 })).TotalSize;
    }
}
