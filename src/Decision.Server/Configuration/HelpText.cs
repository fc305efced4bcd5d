using System.Reflection;

namespace Decision.Server.Configuration;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class HelpText
{
    public static string Version { get; } =
        typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Help { get; } = $"""
        Decision {Version}: decides for proxies whether a key may make a request now.

        Usage: Decision.Server [--config FILE] [--demo] [--Section:Name=value ...]
               Decision.Server export FILE [--config FILE] [--Section:Name=value ...]
               Decision.Server import FILE [--replace] [--dry-run] [--config FILE] [--Section:Name=value ...]
               Decision.Server restore FILE [--config FILE] [--Section:Name=value ...]

          export FILE            write everything that the store holds to a new file; - = standard output
          import FILE            take an export over into the store; - = standard input
          restore FILE           put a backup (decisionctl backup create) where no database is yet
          --replace              overwrite keys, policies, APIs and organisations that differ in the store
          --dry-run              check everything and write nothing
          --config FILE          settings from a JSON file; relative paths in it start at its folder
          --demo                 add the sample policies and APIs, and print the next commands to try
          --help, --version      print this, or the version

        Settings come from appsettings.json, then the file of --config, then the environment
        (DECISION_Server__Grpc=...), then the command line (--Server:Grpc=...); the last one counts.

        {string.Join(Environment.NewLine, KnownSettings.All.Select(setting => $"  {setting.Name,-30} {setting.Purpose}"))}

        Durations: 300 (seconds), 500ms, 30s, 5m, 12h, 30d or 00:05:00.
        """;
}
