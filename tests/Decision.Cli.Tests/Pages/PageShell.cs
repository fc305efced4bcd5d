using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Decision.Cli.Tests.Support;
using Decision.TestKit.Processes;

namespace Decision.Cli.Tests.Pages;

/// <summary>
/// Runs all commands of a page in one shell, in their order, at the root of what seems a clone, with the demo running: as a reader does.
/// Only addresses, ports and <c>/tmp/decision</c> become those of this run, and <c>clone.sh</c> says what stands for building.
/// </summary>
internal sealed class PageShell : IAsyncDisposable
{
    private readonly FileFolder _folder = new();
    private readonly Dictionary<string, string> _replaced = new(StringComparer.Ordinal);
    private DemoServer? _server;
    private string _before = "";

    private string Clone => _folder.PathOf("clone");

    public string PathOf(string name) => Path.Combine(Clone, name);

    /// <summary>Makes the clone and starts the demo in it.</summary>
    public static async Task<PageShell> StartAsync()
    {
        var shell = new PageShell();
        Directory.CreateDirectory(shell._folder.PathOf("tmp"));
        string data = Directory.CreateDirectory(shell.PathOf("src/Decision.Server/data")).FullName;
        foreach (string shared in (string[])["protos", "src/Decision.Server/Samples", "src/Decision.Server/appsettings.json"])
        {
            File.CreateSymbolicLink(shell.PathOf(shared), Repository.PathOf(shared));
        }

        shell._server = await DemoServer.StartAsync(data);
        return shell.Replace("/tmp/decision", shell._folder.PathOf("tmp")).Replace("127.0.0.1:50051", shell._server.Grpc).Replace("127.0.0.1:8088", shell._server.Http);
    }

    /// <summary>What the page names, and what it is here.</summary>
    public PageShell Replace(string from, string to)
    {
        _replaced[from] = to;
        return this;
    }

    /// <summary>Writes a file that a reader has in the clone.</summary>
    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }

    /// <summary>Lays a file of the repository into the clone, with what is replaced so far.</summary>
    public PageShell Copy(string name)
    {
        Write(name, Replaced(File.ReadAllText(Repository.PathOf(name))));
        return this;
    }

    /// <summary>What is run before the page's commands, in the same shell.</summary>
    public PageShell Before(string commands)
    {
        _before = commands;
        return this;
    }

    /// <summary>Runs commands in a shell of their own.</summary>
    public async Task PrepareAsync(string commands)
    {
        var (code, output) = await BashAsync($"{CloneScript}{commands}\n");
        Assert.True(code == 0, output);
    }

    /// <summary>Stops the demo, as a reader does with Ctrl+C.</summary>
    public Task StopDemoAsync() => _server!.StopAsync();

    /// <summary>Gives each of these ports of the page a free one.</summary>
    public PageShell FreePorts(params string[] ports)
    {
        var listeners = ports.Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        foreach (var (port, listener) in ports.Zip(listeners))
        {
            Replace(port, ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        listeners.ForEach(listener => listener.Dispose());
        return this;
    }

    /// <summary>Runs it, fails where a command fails or an output that the page shows did not come, and gives everything that was printed.</summary>
    public async Task<string> RunAsync(string path)
    {
        var blocks = MarkdownPage.Read(path).Commands().Where(block => block.NotRun is null).ToList();
        var (code, output) = await BashAsync(Script(blocks));
        string[] parts = output.Split(Mark);

        // Each block ends with the mark; the last part is what came after the last block that came to its end.
        Assert.True(parts.Length == blocks.Count + 1, $"{path}:{(parts.Length <= blocks.Count ? blocks[parts.Length - 1].Line : 0)} ended with {code}:\n{output}");
        foreach (var (block, printed) in blocks.Zip(parts))
        {
            // Addresses and paths in what came are again those of the page.
            string came = _replaced.Aggregate(printed, static (text, one) => text.Replace(one.Value, one.Key, StringComparison.Ordinal));
            string? missing = ShownOutput.FirstMissing(block.Output, came);
            Assert.True(missing is null, $"{path}:{block.Line} shows what did not come: {missing}\nThis came:\n{came}");
        }

        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private const string CloneScript = ". \"$REPOSITORY/tests/Decision.Cli.Tests/Pages/clone.sh\"\n";
    private const string Mark = "\u0001end of block\u0001\n";

    private string Script(IEnumerable<CommandBlock> blocks)
    {
        var script = new StringBuilder($"{CloneScript}{_before}\n");
        foreach (var block in blocks)
        {
            script.Append(Replaced(block.Commands));
            script.Append($"\nprintf '\\001end of block\\001\\n'\n");
        }

        return script.ToString();
    }

    private string Replaced(string text)
    {
        // All at once, so that nothing is replaced in what was put in; of two names that begin alike the longer one counts.
        var names = _replaced.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape);
        var pattern = new Regex(string.Join('|', names), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return pattern.Replace(text, match => _replaced[match.Value]);
    }

    private async Task<(int Code, string Output)> BashAsync(string script)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Clone };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("DECISION_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["CLONE"] = Clone;
        start.Environment["REPOSITORY"] = Repository.Folder;
        start.Environment["TOOL"] = Path.Combine(AppContext.BaseDirectory, "decisionctl.dll");
        start.Environment["SERVER"] = DemoServer.Program;
        start.Environment["DECISION_ADDRESS"] = "http://" + _server!.Grpc;
        start.Environment["DECISION_TIMEOUT"] = "2m";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var process = ChildProcesses.StartGroup(start);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            // What a page leaves in the background, and all of it where the test was cancelled.
            ChildProcesses.KillGroup(process);
        }
    }
}
