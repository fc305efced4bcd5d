using System.Diagnostics;
using System.Text.Json.Nodes;
using Decision.Client.Tests.Sidecar;

namespace Decision.Client.Tests.Conformance;

/// <summary>A real server with the policies, APIs and callers of the cases.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    private Process? _process;

    public string Address { get; private set; } = "";

    public string Secret { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(CaseFiles.Folder, "server.sh")) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DECISION_SERVER"] = Path.GetFullPath(ProgramProcess.PathOf("ServerProgram"));
        _process = Process.Start(start)!;
        string? line = await _process.StandardOutput.ReadLineAsync();
        Assert.True(line is not null, "server.sh ended without a word: see its standard error.");
        var told = JsonNode.Parse(line)!;
        (Address, Secret) = ("http://" + (string)told["grpc"]!, (string)told["secret"]!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // It ends with its input.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
