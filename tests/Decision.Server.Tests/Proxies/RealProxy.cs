using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decision.Server.Tests.Redis;
using Decision.TestKit.Processes;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Proxies;

/// <summary>A real proxy with a file of docs/proxies/ as it is, but for the addresses in it.</summary>
internal sealed class RealProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private string _output = "";

    private RealProxy(Process process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = new IPEndPoint(IPAddress.Loopback, port);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://{Address}") };
    }

    public IPEndPoint Address { get; }

    public HttpClient Http { get; }

    /// <summary>The proxies that are tested.</summary>
    public static TheoryData<string> All => ["nginx", "caddy", "haproxy"];

    /// <summary>Starts one, and waits until it takes connections.</summary>
    /// <param name="name">The program.</param>
    /// <param name="decision">Decision's HTTP address.</param>
    /// <param name="application">The application's address.</param>
    /// <param name="token">The token that it shows to Decision; null = none.</param>
    public static async Task<RealProxy> StartAsync(string name, IPEndPoint decision, IPEndPoint application, string? token = null)
    {
        DebianPackage.Require(name);
        var folder = new TemporaryFolder();
        int port = RedisServer.FreePort();
        string file = Path.Combine(folder.Path, "proxy.conf");
        var (source, arguments) = name switch
        {
            "nginx" => ("nginx.conf", (string[])["-c", file, "-p", folder.Path, "-g", "daemon off;"]),
            "caddy" => ("Caddyfile", ["run", "--config", file, "--adapter", "caddyfile"]),
            _ => ("haproxy.cfg", ["-db", "-f", file]),
        };
        string docs = Path.Combine(AppContext.BaseDirectory, "proxies");
        string text = await File.ReadAllTextAsync(Path.Combine(docs, source));
        foreach (var (written, actual) in ((string, string)[])[
            ("127.0.0.1:8088", decision.ToString()),
            ("127.0.0.1:9000", application.ToString()),
            (":8080", string.Create(CultureInfo.InvariantCulture, $":{port}"))])
        {
            Assert.Contains(written, text, StringComparison.Ordinal);
            text = text.Replace(written, actual, StringComparison.Ordinal);
        }

        if (token is not null && name == "haproxy")
        {
            // The line is in the script.
            string script = await File.ReadAllTextAsync(Path.Combine(docs, "haproxy-decision.lua"));
            docs = folder.Path;
            await File.WriteAllTextAsync(Path.Combine(docs, "haproxy-decision.lua"), WithToken(script, token));
        }
        else if (token is not null)
        {
            text = WithToken(text, token);
        }

        await File.WriteAllTextAsync(
            file, text.Replace("/tmp/decision-nginx", folder.Path + "/nginx", StringComparison.Ordinal).Replace("docs/proxies/", docs + "/", StringComparison.Ordinal));
        return await RunAsync(name, arguments, folder, port);
    }

    /// <summary>Starts nginx with another file, and waits until it takes connections.</summary>
    /// <param name="file">The file.</param>
    /// <param name="port">Where it listens, with what is replaced.</param>
    /// <param name="replaced">What is written in the file, and what stands there instead.</param>
    public static async Task<RealProxy> StartNginxAsync(string file, int port, params (string Written, string Actual)[] replaced)
    {
        DebianPackage.Require("nginx");
        var folder = new TemporaryFolder();
        string text = await File.ReadAllTextAsync(file);
        foreach (var (written, actual) in replaced)
        {
            Assert.Contains(written, text, StringComparison.Ordinal);
            text = text.Replace(written, actual, StringComparison.Ordinal);
        }

        string own = folder.Write("proxy.conf", text.Replace("/tmp/decision-nginx", folder.Path + "/nginx", StringComparison.Ordinal));
        return await RunAsync("nginx", ["-c", own, "-p", folder.Path, "-g", "daemon off;"], folder, port);
    }

    private static async Task<RealProxy> RunAsync(string name, string[] arguments, TemporaryFolder folder, int port)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };

        // Caddy keeps things in its home.
        start.Environment["HOME"] = folder.Path;
        start.Environment["XDG_DATA_HOME"] = folder.Path;
        start.Environment["XDG_CONFIG_HOME"] = folder.Path;
        var proxy = new RealProxy(ChildProcesses.StartGroup(start), folder, port);
        proxy.Listen();
        await Eventually.IsAsync(proxy.ConnectsAsync, connects => connects, () => Task.FromResult($"{name} does not listen: {proxy._output}"));
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            // nginx has workers of its own.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    // The line that is there as a comment, and only that one, begins to count.
    private static string WithToken(string text, string token)
    {
        string line = Assert.Single(text.Split('\n'), line => line.Contains("\"TOKEN\"", StringComparison.Ordinal));
        return text.Replace(line, line.TrimStart('#', '-', ' ', '\t').Replace("TOKEN", token, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => _output += line.Data + "\n";
        _process.ErrorDataReceived += (_, line) => _output += line.Data + "\n";
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> ConnectsAsync()
    {
        Assert.False(_process.HasExited, _output);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
