using System.Globalization;
using Decision.Server.Configuration;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Packaging;

/// <summary>The unit, by systemd's own judgement, and its settings, by the server's.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _unit = File.ReadAllText(DeployFiles.PathOf("systemd", "decision.service"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unit_is_one_that_systemd_takes_and_is_shut_off()
    {
        DebianPackage.Require("systemd-analyze");

        // The program is not installed here.
        string file = _folder.Write("decision.service", _unit.Replace("/opt/decision/Decision.Server", "/bin/true", StringComparison.Ordinal));

        var verified = await ProgramRun.OfAsync("systemd-analyze", ["verify", file]);
        var judged = await ProgramRun.OfAsync("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", file]);

        Assert.Equal(new ProgramRun(0, "", ""), verified);
        Assert.True(judged.Code == 0, judged.Out + judged.Error);
    }

    [Fact]
    public void Settings_are_taken_and_agree_with_the_unit()
    {
        string file = DeployFiles.PathOf("systemd", "settings.json");
        var settings = ServerSettingsReader.Read(ServerConfiguration.Load(CommandLine.Read(["--config", file])), isDemo: false);

        Assert.Equal("/var/lib/" + Value("StateDirectory"), settings.DataPath);
        Assert.Equal(settings.DataPath, Value("WorkingDirectory"));
        Assert.True(DeployFiles.Duration(Value("TimeoutStopSec")) >= settings.DrainDelay + settings.DrainTime + TimeSpan.FromSeconds(5));
        Assert.EndsWith(" --config /etc/" + Value("ConfigurationDirectory") + "/settings.json", Value("ExecStart"), StringComparison.Ordinal);
        Assert.Equal(Decision.Server.Hosting.ServerProgram.WrongUse.ToString(CultureInfo.InvariantCulture), Value("RestartPreventExitStatus"));
    }

    [Fact]
    public async Task Server_starts_with_the_settings_and_keeps_everything_in_its_folder()
    {
        string text = await File.ReadAllTextAsync(DeployFiles.PathOf("systemd", "settings.json"));
        string data = Path.Combine(_folder.Path, "state");
        string file = _folder.Write("etc/settings.json", text
            .Replace("/var/lib/decision", data, StringComparison.Ordinal)
            .Replace("127.0.0.1:50051", "127.0.0.1:0", StringComparison.Ordinal)
            .Replace("127.0.0.1:8088", "127.0.0.1:0", StringComparison.Ordinal));
        await using var server = ServerProcess.Start(_folder.Path, "--config", file);
        await server.ReadyAsync();
        server.Terminate();

        Assert.Equal(0, await server.ExitAsync());
        Assert.True(File.Exists(Path.Combine(data, "admin-secret")));
        Assert.Equal(["etc", "state"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private string Value(string name) =>
        Assert.Single(_unit.Split('\n'), line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
