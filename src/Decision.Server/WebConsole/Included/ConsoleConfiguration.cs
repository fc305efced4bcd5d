using Decision.Console.Access;
using Decision.Runtime.Files;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.WebConsole;

/// <summary>The configuration in force, for the console.</summary>
internal sealed class ConsoleConfiguration(IConfiguration configuration, ServerSettings settings, ServerListeners listeners, FileLayer files) : IServerConfiguration
{
    private const string Made = "made at the first start";

    public IReadOnlyList<SettingInForce> Settings { get; } =
    [
        .. KnownSettings.All.Select(known => ValueOf(configuration, known.Name) is { Length: > 0 } value
            ? new SettingInForce(known.Name, known.Purpose, SettingText.Mask(known.Name, value), IsSet: true)
            : new SettingInForce(known.Name, known.Purpose, SettingText.DefaultOf(known.Purpose), IsSet: false)),
    ];

    public IReadOnlyList<(string Name, string Value)> ReadFacts() =>
    [
        ("Version", HelpText.Version),
        ("Addresses", listeners.ToString()),
        ("Store", settings.Redis is { } redis ? $"Redis, {SettingText.Mask("Redis:Configuration", redis.Configuration)}, names {redis.Prefix}*" : $"embedded, {settings.StoragePath}"),
        ("Data folder", settings.DataPath),
        ("Policies of files", settings.PolicyFolder.Length > 0 ? settings.PolicyFolder : settings.PolicyFile.Length > 0 ? settings.PolicyFile : "none"),
        ("APIs of files", settings.ApiFile.Length > 0 ? settings.ApiFile : "none"),
        .. files.Problem is { } problem ? [("Problem of files", problem)] : Array.Empty<(string, string)>(),
        ("Secrets:Key", settings.IsSecretsKeySet ? "set" : settings.HasSecretsKey ? Made : "not set"),
        ("Admin:Secret", settings.IsAdminSecretEnabled ? "counts" : "counts only while no other credential has the role admin"),
    ];

    // A list in a file has a setting for each item: 0, 1, ...
    private static string ValueOf(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value
        : string.Join(", ", configuration.GetSection(name).GetChildren().Where(item => item.Key.All(char.IsAsciiDigit)).Select(item => item.Value));
}
