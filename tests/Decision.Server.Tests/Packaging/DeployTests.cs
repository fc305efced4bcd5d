using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Decision.Server.Configuration;

namespace Decision.Server.Tests.Packaging;

/// <summary>What deploy/ and docs/operations.md say is what the server knows.</summary>
public partial class DeployTests
{
    // Of the command line tool, of compose.yaml itself, which hands them on, and of nobody, as an example.
    private static readonly string[] OtherVariables = ["DECISION_ADDRESS", "DECISION_ADMIN_SECRET", "DECISION_SECRETS_KEY", "DECISION_SERVER"];

    private static readonly HashSet<string> Known = new(KnownSettings.All.Select(setting => setting.Name), StringComparer.Ordinal);

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(DeployFiles.PathOf(), "*", SearchOption.AllDirectories)
        .Append(Repository.PathOf("docs", "operations.md"))
        .Select(file => Path.GetRelativePath(Repository.Folder, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_setting_that_a_file_names_is_one_of_the_server(string file)
    {
        string text = File.ReadAllText(Repository.PathOf(file));
        var variables = Variable().Matches(text).Select(match => match.Value).Except(OtherVariables, StringComparer.Ordinal)
            .Select(name => name["DECISION_".Length..].Replace("__", ":", StringComparison.Ordinal));
        string[] sections = [.. Known.Select(name => name.Split(':')[0])];
        var written = Setting().Matches(text).Select(match => match.Value).Where(name => sections.Contains(name.Split(':')[0], StringComparer.Ordinal));

        Assert.DoesNotContain(variables.Concat(written), name => !Known.Contains(name));
    }

    [Fact]
    public void Image_listens_where_it_says_and_keeps_its_data_in_the_volume()
    {
        var settings = DeployFiles.Read(DeployFiles.OfImage);
        string text = File.ReadAllText(DeployFiles.PathOf("Dockerfile"));

        Assert.Equal(("0.0.0.0:50051", "0.0.0.0:8088"), (settings.Listen.Grpc!.ToString(), settings.Listen.Http!.ToString()));
        Assert.Contains($"EXPOSE {settings.Listen.Grpc.Port} {settings.Listen.Http.Port}\n", text, StringComparison.Ordinal);
        Assert.Contains($"VOLUME {settings.DataPath}\n", text, StringComparison.Ordinal);
        Assert.StartsWith("# NOT RUN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Service_of_compose_starts_with_its_settings_and_trusts_nginx_alone()
    {
        var settings = DeployFiles.Read(DeployFiles.OfCompose);

        Assert.Equal("redis:6379", settings.Redis!.Configuration);
        Assert.Equal((DeployFiles.Secret, true), (settings.AdminSecret, settings.HasSecretsKey));
        Assert.Equal(
            DeployFiles.Compose.Text("services/nginx/networks/default/ipv4_address") + "/32",
            DeployFiles.OfCompose["DECISION_ForwardAuth__TrustedNetworks"]);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{settings.Listen.Grpc!.Port}:{settings.Listen.Grpc.Port}"),
            DeployFiles.Compose.Text("services/decision/ports/0"));
        Assert.True(
            DeployFiles.Duration(DeployFiles.Compose.Text("services/decision/stop_grace_period")) > settings.DrainDelay + settings.DrainTime + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Redis_of_compose_loses_nothing_that_it_acknowledged()
    {
        string command = DeployFiles.Compose.Text("services/redis/command");

        Assert.Contains("--appendonly yes --appendfsync always", command, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy noeviction", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_of_kubernetes_as_it_is_is_refused()
    {
        var exception = Assert.Throws<SettingsException>(() => DeployFiles.Read(DeployFiles.OfPod));

        Assert.Equal(2, exception.Problems.Count);
        Assert.Contains(exception.Problems, problem => problem.StartsWith("Admin:Secret has", StringComparison.Ordinal));
        Assert.Contains(exception.Problems, problem => problem.StartsWith("Secrets:Key has", StringComparison.Ordinal));
    }

    [Fact]
    public void Pod_starts_with_its_settings_and_its_ports_are_those_of_the_server()
    {
        var settings = Pod();
        var container = DeployFiles.Deployment.Find("spec/template/spec/containers/0")!;
        var services = YamlFile.Read(DeployFiles.PathOf("kubernetes", "service.yaml"));

        Assert.Equal(
            [("grpc", settings.Listen.Grpc!.Port), ("http", settings.Listen.Http!.Port)],
            container.List("ports").Select(port => (port.Text("name"), int.Parse(port.Text("containerPort"), CultureInfo.InvariantCulture))));
        Assert.Equal(
            [("None", "grpc", settings.Listen.Grpc.Port), ("", "http", settings.Listen.Http.Port)],
            services.Select(service => (
                service.Find("spec/clusterIP")?.ToString() ?? "",
                service.Text("spec/ports/0/targetPort"),
                int.Parse(service.Text("spec/ports/0/port"), CultureInfo.InvariantCulture))));
        Assert.Equal(settings.Listen.Http.Port.ToString(CultureInfo.InvariantCulture), Annotation("prometheus.io/port"));
        Assert.True(settings.Listen is { AdminGrpc.IsLoopback: true, AdminHttp.IsLoopback: true });
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"port-forward deployment/decision 50051:{settings.Listen.AdminGrpc!.Port}"),
            File.ReadAllText(DeployFiles.PathOf("kubernetes", "kustomization.yaml")),
            StringComparison.Ordinal);
        Assert.Contains(container.List("volumeMounts"), mount => mount.Text("mountPath") == settings.DataPath);
        Assert.Equal(settings.Replicas.ToString(CultureInfo.InvariantCulture), DeployFiles.Deployment.Text("spec/replicas"));

        // What Kubernetes tells of services named decision-... has our prefix.
        Assert.Equal("false", DeployFiles.Deployment.Text("spec/template/spec/enableServiceLinks"));
    }

    [Fact]
    public void Pod_has_longer_to_stop_than_the_server_drains()
    {
        var settings = Pod();
        var grace = TimeSpan.FromSeconds(int.Parse(
            DeployFiles.Deployment.Text("spec/template/spec/terminationGracePeriodSeconds"), CultureInfo.InvariantCulture));
        var ready = DeployFiles.Deployment.Find("spec/template/spec/containers/0/readinessProbe")!;

        Assert.True(grace >= settings.DrainDelay + settings.DrainTime + TimeSpan.FromSeconds(5));

        // It is out of the service before it takes no more calls.
        Assert.True(settings.DrainDelay >= TimeSpan.FromSeconds(
            int.Parse(ready.Text("periodSeconds"), CultureInfo.InvariantCulture) * int.Parse(ready.Text("failureThreshold"), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Probes_and_metrics_of_kubernetes_are_routes_of_a_server_with_administration_apart()
    {
        await using var server = await RunningServer.StartAsync(["Server:AdminGrpc=127.0.0.1:0", "Server:AdminHttp=127.0.0.1:0"]);
        var container = DeployFiles.Deployment.Find("spec/template/spec/containers/0")!;
        string[] probes = ["startupProbe", "readinessProbe", "livenessProbe"];

        foreach (string path in probes.Select(probe => container.Text(probe + "/httpGet/path")).Append(Annotation("prometheus.io/path")))
        {
            using var answer = await server.Http.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
        }

        Assert.All(probes, probe => Assert.Equal("http", container.Text(probe + "/httpGet/port")));
        Assert.Equal("/healthz/live", container.Text("livenessProbe/httpGet/path"));
    }

    [Fact]
    public void Everything_of_kubernetes_is_read_and_selects_the_pods()
    {
        var kustomization = YamlFile.Read(DeployFiles.PathOf("kubernetes", "kustomization.yaml")).Single();
        string[] files = [.. Directory.EnumerateFiles(DeployFiles.PathOf("kubernetes")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        var objects = files.Where(file => file != "kustomization.yaml").SelectMany(file => YamlFile.Read(DeployFiles.PathOf("kubernetes", file))).ToList();

        Assert.Equal(
            files,
            kustomization.List("resources").Select(resource => resource.ToString())
                .Concat(["kustomization.yaml", "horizontalpodautoscaler.yaml"]).Order(StringComparer.Ordinal));
        Assert.Equal(
            "ConfigMap Deployment HorizontalPodAutoscaler PodDisruptionBudget Secret Service Service",
            string.Join(' ', objects.Select(one => one.Text("kind")).Order(StringComparer.Ordinal)));
        var labels = DeployFiles.Deployment.Map("spec/template/metadata/labels");
        foreach (var one in objects)
        {
            string? path = one.Text("kind") switch
            {
                "Service" => "spec/selector",
                "Deployment" or "PodDisruptionBudget" => "spec/selector/matchLabels",
                _ => null,
            };
            if (path is not null)
            {
                Assert.Equal(labels, one.Map(path));
            }
        }

        Assert.Equal("decision", objects.Single(one => one.Text("kind") == "HorizontalPodAutoscaler").Text("spec/scaleTargetRef/name"));
        Assert.Equal(
            ["configMapRef decision", "secretRef decision"],
            DeployFiles.Deployment.List("spec/template/spec/containers/0/envFrom")
                .Select(from => from.Find("configMapRef") is null ? "secretRef " + from.Text("secretRef/name") : "configMapRef " + from.Text("configMapRef/name")));
    }

    private static ServerSettings Pod() => DeployFiles.Read(DeployFiles.OfPod.ToDictionary(
        pair => pair.Key, pair => pair.Value == "replace-me" ? DeployFiles.Secret : pair.Value));

    private static string Annotation(string name) => DeployFiles.Deployment.Map("spec/template/metadata/annotations")[name];

    [GeneratedRegex(@"\bDECISION_\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b[A-Za-z]+:[A-Za-z_]+(:[A-Za-z]+)?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
