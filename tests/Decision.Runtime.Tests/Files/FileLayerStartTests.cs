using System.Text;
using Decision.Engine.Findings;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Files;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Tests.Files;

public sealed class FileLayerStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_reads_a_file_and_the_registry_and_names_what_is_left_out()
    {
        _folder.Write("policies.json", """{"tour":{"rate":3,"per":10},"old":{"rate":1,"per":1,"active":false}}""");
        _folder.Write("apis.json", """[{"api_id":"orders","listen_path":"/orders/"}]""");
        await using var server = await FileServer.StartAsync(options =>
            (options.PolicyFile, options.ApiFile) = (_folder["policies.json"], _folder["apis.json"]));

        Assert.Equal(["old", "tour"], server.PolicyIds);
        Assert.Equal(("policies.json", 0L), (server.Policy("tour").Source, server.Policy("tour").Revision));
        Assert.Equal("apis.json", server.Catalog.Rules.Apis.Find("orders")!.Source);
        Assert.Null(server.Problem);
        Assert.Contains("Policy old of policies.json is left out: it says active: false.", server.Log.All);
        Assert.Contains(
            $"Read {_folder["policies.json"]} and {_folder["apis.json"]}: 2 policies (1 switched off) and 1 APIs.", server.Log.All);
    }

    [Fact]
    public async Task Start_without_files_has_an_empty_layer()
    {
        await using var server = await FileServer.StartAsync(_ => { });

        var reload = await server.Layer.ReloadAsync(CancellationToken.None);

        Assert.Empty(server.PolicyIds);
        Assert.Null(server.Problem);
        Assert.True(reload.IsInForce);
    }

    [Fact]
    public async Task Start_with_folder_and_file_reads_the_folder_and_says_so()
    {
        _folder.Write("p/tour.json", """{"rate":3,"per":10}""");
        _folder.Write("p/.hidden.json", "broken");
        _folder.Write("p/notes.txt", "broken");
        _folder.Write("policies.json", """{"gold":{"rate":50,"per":1}}""");
        await using var server = await FileServer.StartAsync(options =>
            (options.PolicyFile, options.PolicyFolder) = (_folder["policies.json"], _folder["p"]));

        Assert.Equal(["tour"], server.PolicyIds);
        Assert.Equal("tour.json", server.Policy("tour").Source);
        Assert.Contains(
            $"Both policy_path ({_folder["p"]}) and policy_record_name ({_folder["policies.json"]}) are set: the folder counts, the file is not read.",
            server.Log.All);
    }

    [Fact]
    public async Task Start_with_errors_and_no_last_good_set_throws_every_finding_of_all_files()
    {
        _folder.Write("p/a.json", """{"x":{"rate":-2,"per":1}}""");
        _folder.Write("p/b.json", """{"y":{"rate":1,"per":1},"z":{"rate":"one","per":1}}""");
        _folder.Write("p/c.json", """{"same":{"rate":1,"per":1}}""");
        _folder.Write("p/d.json", """{"same":{"rate":1,"per":1}}""");
        _folder.Write("p/e.json", "{\"a\":");
        _folder.Write("apis.json", "7");

        var error = await Assert.ThrowsAsync<CatalogException>(() => FileServer.StartAsync(options =>
            (options.PolicyFolder, options.ApiFile) = (_folder["p"], _folder["apis.json"])));

        Assert.StartsWith($"{_folder["p"]} and {_folder["apis.json"]} cannot be loaded, and the store has no last good set of it.", error.Message);
        Assert.Equal(
            ["a.json: policy x rate", "apis.json ", "b.json: policy z rate", "d.json: policy same id", "e.json "],
            Errors(error).Select(finding => $"{finding.Subject} {finding.Field}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("folder", "is a folder, but must be a file: rename or remove it.")]
    [InlineData("loop", "cannot be read: Too many levels of symbolic links.")]
    [InlineData("dangling", "is a link to ")]
    [InlineData("long link", "cannot be read: ")]
    [InlineData("latin", "line 1, column 3: is not valid UTF-8: save it as UTF-8.")]
    [InlineData("mark", "line 1, column 1: starts with a byte order mark")]
    [InlineData("large", "is larger than 64 MiB: split it")]
    public async Task File_that_cannot_be_read_is_named_with_the_reason(string kind, string said)
    {
        string file = _folder["p/x.json"];
        _folder.Folder("p");
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(file);
                break;
            case "loop":
                File.CreateSymbolicLink(file, "x.json");
                break;
            case "dangling":
                File.CreateSymbolicLink(file, "gone");
                break;
            case "long link":
                File.CreateSymbolicLink(file, new string('a', 300));
                break;
            case "latin":
                File.WriteAllBytes(file, [(byte)'{', (byte)'"', 0xE9, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
                break;
            case "mark":
                File.WriteAllText(file, "{}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
                break;
            default:
                using (var large = File.Create(file))
                {
                    large.SetLength(SourceFile.LargestFile + 1L);
                }

                break;
        }

        var error = await Assert.ThrowsAsync<CatalogException>(() => FileServer.StartAsync(options => options.PolicyFolder = _folder["p"]));

        var finding = Assert.Single(error.Findings);
        Assert.Equal("x.json", finding.Subject);
        Assert.StartsWith(said, finding.Message);
    }

    [Fact]
    public async Task Start_without_the_file_or_with_a_file_for_a_folder_says_what_to_do()
    {
        var missing = await Assert.ThrowsAsync<CatalogException>(() => FileServer.StartAsync(options => options.PolicyFile = _folder["none.json"]));
        var gone = await Assert.ThrowsAsync<CatalogException>(() => FileServer.StartAsync(options => options.PolicyFolder = _folder["none"]));
        _folder.Write("file", "{}");
        var wrong = await Assert.ThrowsAsync<CatalogException>(() => FileServer.StartAsync(options => options.PolicyFolder = _folder["file"]));

        Assert.StartsWith($"is not there ({_folder["none.json"]})", Assert.Single(missing.Findings).Message);
        Assert.StartsWith("is not there: put the folder back", Assert.Single(gone.Findings).Message);
        Assert.StartsWith("is a file, but must be a folder", Assert.Single(wrong.Findings).Message);
    }

    [Fact]
    public void Folder_of_too_many_files_says_so()
    {
        for (int file = 0; file < 4; file++)
        {
            _folder.Write($"{file}.json", "{}");
        }

        var sources = new FileSources(_folder.Root, "", "");

        var most = FileSnapshot.Take(sources, DateTimeOffset.UnixEpoch, before: null, mostFiles: 4);
        var more = FileSnapshot.Take(sources, DateTimeOffset.UnixEpoch, before: null, mostFiles: 3);

        Assert.Null(most.FolderProblem);
        Assert.Equal(4, most.Files.Length);
        Assert.Equal("has more than 3 files: put several policies into one, as an object policy id -> policy.", more.FolderProblem);
    }

    [Fact]
    public async Task Start_with_broken_files_uses_the_last_good_set_until_they_are_mended()
    {
        _folder.Write("p/tour.json", """{"rate":3,"per":10}""");
        _folder.Write("apis.json", """[{"api_id":"orders","listen_path":"/orders/"}]""");
        void Configure(RuntimeOptions options) => (options.PolicyFolder, options.ApiFile) = (_folder["p"], _folder["apis.json"]);
        await using (await FileServer.StartAsync(Configure, _folder["decision.db"]))
        {
        }

        _folder.Write("p/tour.json", """{"rate":""");
        await using var server = await FileServer.StartAsync(Configure, _folder["decision.db"]);

        Assert.Equal(3, server.Rate("tour"));
        Assert.Equal("tour.json", server.Policy("tour").Source);
        Assert.NotNull(server.Catalog.Rules.Apis.Find("orders"));
        Assert.StartsWith(
            $"{_folder["p"]} and {_folder["apis.json"]} cannot be loaded, the last good set of the store is used: tour.json: line 1", server.Problem);
        Assert.Equal(1, server.Log.CountOf("the last good set of the store is used, with 1 policies and 1 APIs"));
        var kept = server.Policy("tour");

        _folder.Replace("p/tour.json", """{"rate":3,"per":10}""");
        await server.UntilAsync(() => server.Problem is null);

        Assert.Same(kept, server.Policy("tour"));
    }

    [Fact]
    public async Task Start_with_an_emptied_folder_uses_the_last_good_set()
    {
        _folder.Write("p/tour.json", """{"rate":3,"per":10}""");
        await using (await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"], _folder["decision.db"]))
        {
        }

        File.Delete(_folder["p/tour.json"]);
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"], _folder["decision.db"]);

        Assert.Equal(["tour"], server.PolicyIds);
        Assert.Contains("has no *.json file", server.Problem);
    }

    [Fact]
    public async Task First_start_with_an_empty_folder_warns()
    {
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder.Folder("p"));

        Assert.Null(server.Problem);
        Assert.Contains($"{_folder["p"]}: has no *.json file, so there is no policy.", server.Log.All);
    }

    [Fact]
    public async Task Last_good_set_is_written_only_when_it_changed()
    {
        _folder.Write("policies.json", """{ "b": {"per":1, "rate":1}, "a": {"rate":2,"per":1} }""");
        await using var server = await FileServer.StartAsync(options => options.PolicyFile = _folder["policies.json"]);
        await server.StopFilesAsync();

        _folder.Replace("policies.json", """{"a":{"rate":2,"per":1},"b":{"rate":1,"per":1}}""");
        await server.Layer.ReloadAsync(CancellationToken.None);
        var same = await server.Documents.FindAsync(DocumentKind.FileLayer, "policies:" + _folder["policies.json"], CancellationToken.None);
        _folder.Replace("policies.json", """{"a":{"rate":3,"per":1}}""");
        await server.Layer.ReloadAsync(CancellationToken.None);
        var other = await server.Documents.FindAsync(DocumentKind.FileLayer, "policies:" + _folder["policies.json"], CancellationToken.None);

        Assert.Equal(1, same!.Revision);
        Assert.Equal("""{"policies.json":{"a":{"id":"a","rate":2,"per":1},"b":{"id":"b","rate":1,"per":1}}}""", Encoding.UTF8.GetString(same.Json.Span));
        Assert.Equal(2, other!.Revision);
        Assert.Equal("""{"policies.json":{"a":{"id":"a","rate":3,"per":1}}}""", Encoding.UTF8.GetString(other.Json.Span));
    }

    [Fact]
    public async Task Last_good_set_of_other_files_is_not_used()
    {
        _folder.Write("one.json", """{"tour":{"rate":3,"per":10}}""");
        await using (await FileServer.StartAsync(options => options.PolicyFile = _folder["one.json"], _folder["decision.db"]))
        {
        }

        await Assert.ThrowsAsync<CatalogException>(
            () => FileServer.StartAsync(options => options.PolicyFile = _folder["two.json"], _folder["decision.db"]));
    }

    [Fact]
    public async Task Store_that_is_back_gets_the_last_good_set_at_the_next_look()
    {
        _folder.Write("policies.json", """{"tour":{"rate":3,"per":10}}""");
        await using var server = new FileServer(options => options.PolicyFile = _folder["policies.json"]);
        await server.StartFilesAsync();
        Assert.Contains("is not open yet", server.Problem);
        Assert.Equal(["tour"], server.PolicyIds);

        await server.OpenStoreAsync();
        await server.UntilAsync(() => server.Problem is null);

        Assert.NotNull(await server.Documents.FindAsync(DocumentKind.FileLayer, "policies:" + _folder["policies.json"], CancellationToken.None));
        Assert.Contains("The last good set is stored again.", server.Log.All);
    }

    [Theory]
    [InlineData("[]", "is damaged")]
    [InlineData("""{"policies.json":{"tour":{"rate":-2,"per":1}}}""", "-2")]
    public async Task Last_good_set_that_cannot_be_used_is_named_beside_the_files_findings(string kept, string said)
    {
        await using var server = new FileServer(options => options.PolicyFile = _folder["policies.json"]);
        await server.OpenStoreAsync();
        var document = new Document(DocumentKind.FileLayer, "policies:" + _folder["policies.json"], 1, "e", Encoding.UTF8.GetBytes(kept), 1);
        Assert.True(await server.Documents.PutAsync(document, null, "create", CancellationToken.None));

        var error = await Assert.ThrowsAsync<CatalogException>(server.StartFilesAsync);

        var findings = Errors(error).ToArray();
        Assert.Equal(2, findings.Length);
        Assert.StartsWith("is not there", findings[0].Message);
        Assert.StartsWith("last good set", findings[1].Subject);
        Assert.Contains(said, findings[1].Message);
    }

    [Fact]
    public async Task Policy_in_file_and_store_counts_as_the_file_says_and_warns()
    {
        _folder.Write("policies.json", """{"tour":{"rate":3,"per":10}}""");
        await using var server = new FileServer(options => options.PolicyFile = _folder["policies.json"]);
        await server.OpenStoreAsync();
        byte[] stored = """{"id":"tour","rate":9,"per":10}"""u8.ToArray();
        Assert.True(await server.Documents.PutAsync(new Document(DocumentKind.Policy, "tour", 1, "e", stored, 1), null, "create", CancellationToken.None));
        await server.StartHostedAsync();

        Assert.Equal(3, server.Rate("tour"));
        Assert.Equal(9, server.Catalog.Store.Policies["tour"].Policy.Limits.Rate.Rate);
        Assert.Equal(1, server.Log.CountOf("policy tour: id: is in policies.json and in the store; the file's counts."));
    }

    private static IEnumerable<Finding> Errors(CatalogException error) =>
        error.Findings.Where(finding => finding.Severity == FindingSeverity.Error);
}
