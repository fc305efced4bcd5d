using System.Text;
using Decision.Server.Callers;
using Decision.Server.Configuration;

namespace Decision.Server.Tests.Callers;

/// <summary>What is wrong with the file of callers is told at the start, all at once.</summary>
public sealed class CallerFileTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[]", "must be one object, name -> caller")]
    [InlineData("{", "is not valid JSON, line 1")]
    [InlineData("{}", "names no caller, so that nobody could ask")]
    [InlineData("""{ "a": "x" }""", "a must be an object with token_sha256 or certificate_names.")]
    [InlineData("""{ "a": {} }""", "a has neither token_sha256 nor certificate_names")]
    [InlineData("""{ "a": { "token_sha256": [] } }""", "a.token_sha256 is an empty list")]
    [InlineData("""{ "a": { "token_sha256": 5 } }""", "a.token_sha256 must be a text or a list of texts")]
    [InlineData("""{ "a": { "token_sha256": "a-token-in-clear" } }""", "a.token_sha256 is not 64 hexadecimal digits")]
    [InlineData("""{ "a": { "token_sha256": "HASH" }, "b": { "token_sha256": "HASH" } }""", "b.token_sha256 is also that of a")]
    [InlineData("""{ "a": { "certificate_names": "x" }, "b": { "certificate_names": ["y", "X"] } }""", "b.certificate_names has 'X', which a has too")]
    [InlineData("""{ "a": { "token_sha256": "HASH", "apis": [] } }""", "a.apis is an empty list")]
    [InlineData("""{ "a": { "token_sha256": "HASH", "organizations": [""] } }""", "a.organizations must be a text or a list of texts")]
    [InlineData("""{ "a": { "token_sha256": "HASH", "organisations": ["x"] } }""", "a.organisations is not known. Did you mean organizations?")]
    [InlineData("""{ "a": { "token_sha256": "HASH", "apis": ["x"], "apis": ["y"] } }""", "is not valid JSON")]
    public void Read_tells_what_is_wrong(string json, string problem)
    {
        Assert.Null(CallerFile.Read(Encoding.UTF8.GetBytes(json.Replace("HASH", Hash, StringComparison.Ordinal)), out var problems));

        Assert.Contains(problems, one => one.Contains(problem, StringComparison.Ordinal));
        Assert.All(problems, one => Assert.DoesNotContain("a-token-in-clear", one, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_tells_everything_at_once()
    {
        Assert.Null(CallerFile.Read("""{ "a": {}, "b": { "token_sha256": "x", "api": "y" } }"""u8.ToArray(), out var problems));

        Assert.Equal(3, problems.Count);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("{}", "it names no caller")]
    [InlineData("""{ "a": { "certificate_names": "x" } }""", "no client shows a certificate here: set Server:Tls:ClientCaFile")]
    public async Task A_file_that_cannot_be_used_keeps_the_server_from_starting(string? content, string problem)
    {
        string file = Path.Combine(_folder.Path, "callers.json");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content);
        }

        var refused = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync(["Callers:File=" + file]));

        Assert.StartsWith($"Callers:File is '{file}', which cannot be used:", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }
}
