using System.Text.RegularExpressions;
using Decision.Server.Configuration;
using YamlDotNet.RepresentationModel;

namespace Decision.Server.Tests.Packaging;

/// <summary>The files of deploy/, as they are.</summary>
internal static partial class DeployFiles
{
    /// <summary>What a person puts in the place of secrets.</summary>
    public const string Secret = "a-secret-of-somebody-who-deploys-it";

    public static string PathOf(params string[] parts) => Repository.PathOf(["deploy", .. parts]);

    public static YamlNode Compose { get; } = YamlFile.Read(PathOf("compose.yaml")).Single();

    public static YamlNode Deployment { get; } = YamlFile.Read(PathOf("kubernetes", "deployment.yaml")).Single();

    /// <summary>The settings of the image.</summary>
    public static Dictionary<string, string> OfImage { get; } = InImage().Matches(File.ReadAllText(PathOf("Dockerfile")))
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    /// <summary>The settings of the service in compose.yaml, over those of its image.</summary>
    public static Dictionary<string, string> OfCompose { get; } = Over(OfImage, Compose.Map("services/decision/environment")
        .ToDictionary(pair => pair.Key, pair => Substitution().Replace(pair.Value, Secret)));

    /// <summary>The settings of a pod, over those of its image.</summary>
    public static Dictionary<string, string> OfPod { get; } = Over(
        Over(OfImage, YamlFile.Read(PathOf("kubernetes", "configmap.yaml")).Single().Map("data")),
        YamlFile.Read(PathOf("kubernetes", "secret.yaml")).Single().Map("stringData"));

    /// <summary>What the server makes of variables.</summary>
    /// <exception cref="SettingsException">It would not start.</exception>
    public static ServerSettings Read(Dictionary<string, string> variables)
    {
        var environment = EnvironmentSettings.Of(variables.Select(pair => (pair.Key, (string?)pair.Value)));
        Assert.Empty(environment.Strays);
        var commandLine = CommandLine.Read([.. environment.Settings.Select(pair => $"--{pair.Key}={pair.Value}")]);
        return ServerSettingsReader.Read(ServerConfiguration.Load(commandLine), isDemo: false);
    }

    /// <summary>Reads a duration that Docker, Kubernetes and systemd write as the server does.</summary>
    public static TimeSpan Duration(string text)
    {
        Assert.True(DurationText.TryParse(text, out var duration), text);
        return duration;
    }

    private static Dictionary<string, string> Over(Dictionary<string, string> below, Dictionary<string, string> above) =>
        below.Where(pair => !above.ContainsKey(pair.Key)).Concat(above).ToDictionary();

    [GeneratedRegex(@"^(?:ENV)?\s+(DECISION_\w+)=(\S+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex InImage();

    [GeneratedRegex(@"\$\{\w+:\?[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Substitution();
}
