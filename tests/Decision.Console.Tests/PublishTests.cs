using System.Diagnostics;
using System.Net;
using System.Reflection;

namespace Decision.Console.Tests;

/// <summary>The console in what is published, and left out of it.</summary>
public sealed class PublishTests : IDisposable
{
    private static readonly string Server = Path.GetFullPath(Path.Combine(
        typeof(PublishTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryFolder").Value!, "src", "Decision.Server"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-p:Console=false", false)]
    [InlineData("-p:PublishAot=true", false)]
    [InlineData("-p:Console=true", true)]
    public async Task Project_references_the_console_only_where_it_has_it(string property, bool isThere)
    {
        string references = await DotnetAsync("msbuild", Server, "-getItem:ProjectReference", property);

        Assert.Contains("Decision.Storage.Redis", references, StringComparison.Ordinal);
        Assert.Equal(isThere, references.Contains("Decision.Console", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Run", "full")]
    [InlineData("-p:Console=false")]
    [InlineData("-p:PublishSingleFile=true")]
    public async Task Published_server_has_the_console_or_says_why_not(string property)
    {
        string output = Path.Combine(_folder.Path, "server");
        await DotnetAsync("publish", Server, "-c", "Release", "-r", "linux-x64", "--self-contained", "-p:PublishReadyToRun=false", "-o", output, "--artifacts-path", Path.Combine(_folder.Path, "made"), "--nologo", "-v", "quiet", property);
        bool isLeftOut = property == "-p:Console=false";
        Assert.DoesNotContain(Directory.EnumerateFiles(output), file => isLeftOut && Path.GetFileName(file) is "Decision.Console.dll" or "MudBlazor.dll");
        Assert.False(Directory.Exists(Path.Combine(output, "wwwroot")));
        await using var server = ServerProcess.StartProgram(
            Path.Combine(output, "Decision.Server"),
            _folder.Path,
            "--Server:Grpc=127.0.0.1:0",
            "--Server:Http=127.0.0.1:0",
            $"--Data:Path={_folder.Path}",
            "--Storage:Path=:memory:",
            "--Console:Enabled=true");
        string address = $"http://{await server.ReadyHttpAsync()}/console/";
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        using var answer = await client.GetAsync(new Uri("sign-in", UriKind.Relative));
        string text = await answer.Content.ReadAsStringAsync();

        if (isLeftOut)
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("published without the console", text, StringComparison.Ordinal);
            Assert.Contains("Console:Enabled is true, but this server was published without the console", server.Output, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string style = text.Split("<link rel=\"stylesheet\" href=\"")[1].Split('"')[0];
        using var asset = await client.GetAsync(new Uri(style, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
    }

    private static async Task<string> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }
}
