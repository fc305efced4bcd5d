using System.Runtime.InteropServices;
using System.Text;
using Decision.Contracts.Admin.V1;
using Decision.Server.Tests.Admin;

namespace Decision.Server.Tests.Transfer;

/// <summary>The commands: what they say, what they leave behind, and their exit codes.</summary>
public sealed partial class TransferProgramTests : IDisposable
{
    private readonly TemporaryFolder _store = new();
    private readonly TemporaryFolder _other = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData("export takes the name of the file to write", "export")]
    [InlineData("import takes the name of the file to read", "import")]
    [InlineData("import takes the name of the file to read", "import", "a", "b")]
    [InlineData("The option '--replace' belongs to import", "export", "-", "--replace")]
    [InlineData("The option '--dry-run' belongs to import", "--dry-run")]
    [InlineData("The argument 'exprot' is not understood", "exprot", "-")]
    [InlineData("The argument '--force' has no value", "import", "-", "--force")]
    [InlineData("There is no file /no/where.jsonl", "import", "/no/where.jsonl")]
    [InlineData("There is no folder for /no/where.jsonl", "export", "/no/where.jsonl")]
    [InlineData("/tmp is a folder: name a file", "export", "/tmp")]
    [InlineData("Storage:Path is ':memory:'", "export", "-", "--Storage:Path=:memory:")]
    [InlineData("Did you mean 'Storage:Path'?", "export", "-", "--Storage:Pth=x")]
    public async Task Wrong_use_is_explained_with_exit_code_2(string expected, params string[] arguments)
    {
        var run = await TransferRun.OfAsync(arguments);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_of_a_database_that_is_not_there_makes_none()
    {
        var run = await TransferRun.OfAsync("export", File("x"), Data(_store));

        Assert.Equal(2, run.Code);
        Assert.Contains($"There is no database {Path.Combine(_store.Path, "decision.db")} to export", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_store.Path));
        Assert.Empty(Directory.GetFileSystemEntries(_files.Path));
    }

    [Fact]
    public async Task Export_over_a_file_that_is_there_leaves_it_as_it_is()
    {
        await FillAsync();
        await System.IO.File.WriteAllTextAsync(File("x"), "yesterday");

        var run = await TransferRun.OfAsync("export", File("x"), Data(_store));

        Assert.Equal(2, run.Code);
        Assert.Contains("exists already", run.Errors, StringComparison.Ordinal);
        Assert.Equal("yesterday", await System.IO.File.ReadAllTextAsync(File("x")));
    }

    [Fact]
    public async Task Store_that_cannot_be_opened_is_said_with_exit_code_3()
    {
        _store.Write("decision.db", new string('x', 200));

        var run = await TransferRun.OfAsync("export", File("x"), Data(_store));

        Assert.Equal(3, run.Code);
        Assert.Contains("is not a database of this server", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_that_fails_on_the_way_leaves_no_file()
    {
        await FillAsync(custom: true);
        System.IO.File.Delete(Path.Combine(_store.Path, "secrets-key"));

        var run = await TransferRun.OfAsync("export", File("x"), Data(_store));

        Assert.Equal(1, run.Code);
        Assert.Contains("Set Secrets:Key to the one that they were made with", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_files.Path));
        Assert.False(System.IO.File.Exists(Path.Combine(_store.Path, "secrets-key")));
    }

    [Fact]
    public async Task Import_of_custom_keys_without_their_Secrets_Key_is_refused_and_makes_none()
    {
        await FillAsync(custom: true);
        Assert.Equal(0, (await TransferRun.OfAsync("export", File("x"), Data(_store))).Code);

        var run = await TransferRun.OfAsync("import", File("x"), Data(_other));

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("Set Secrets:Key to that of the server that exported", run.Errors, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(_other.Path, "secrets-key")));
    }

    [Fact]
    public async Task Import_of_a_file_that_was_cut_off_is_refused_with_its_line()
    {
        await FillAsync();
        Assert.Equal(0, (await TransferRun.OfAsync("export", File("x"), Data(_store))).Code);
        string[] lines = await System.IO.File.ReadAllLinesAsync(File("x"));
        await System.IO.File.WriteAllLinesAsync(File("cut"), lines[..^1]);

        var run = await TransferRun.OfAsync("import", File("cut"), Data(_other));

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains($"Nothing was imported from {File("cut")}:", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"  line {lines.Length - 1}: is where the file was cut off", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--replace", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_makes_no_database_and_a_second_import_finds_all_unchanged()
    {
        await FillAsync();
        Assert.Equal(0, (await TransferRun.OfAsync("export", File("x"), Data(_store))).Code);

        var dry = await TransferRun.OfAsync("import", File("x"), "--dry-run", Data(_other));
        string[] after = Directory.GetFileSystemEntries(_other.Path);
        var first = await TransferRun.OfAsync("import", File("x"), Data(_other));
        var second = await TransferRun.OfAsync("import", File("x"), Data(_other));

        Assert.Equal((0, 0, 0), (dry.Code, first.Code, second.Code));
        Assert.Contains("Nothing was written.", dry.Output, StringComparison.Ordinal);
        Assert.Contains("keys           1 added", dry.Output, StringComparison.Ordinal);
        Assert.Empty(after);
        Assert.Contains("keys           1 added, 0 unchanged", first.Output, StringComparison.Ordinal);
        Assert.Contains("policies       0 added, 1 unchanged", second.Output, StringComparison.Ordinal);
        Assert.Contains("counters       0 written, 1 unchanged, 0 kept", second.Output, StringComparison.Ordinal);
        Assert.Contains("keys           0 added, 1 unchanged", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflicts_are_listed_and_replace_overwrites_them()
    {
        string id = await FillAsync();
        Assert.Equal(0, (await TransferRun.OfAsync("export", File("x"), Data(_store))).Code);
        await using (var server = await RunningServer.StartAsync(folder: _store))
        {
            await server.Keys().UpdateKeyAsync(
                new UpdateKeyRequest { Key = new Key { KeyId = id, Alias = "another" }, UpdateMask = new() { Paths = { "alias" } } }, RunningServer.Admin);
        }

        var refused = await TransferRun.OfAsync("import", File("x"), Data(_store));
        var dry = await TransferRun.OfAsync("import", File("x"), "--replace", "--dry-run", Data(_store));
        var replaced = await TransferRun.OfAsync("import", File("x"), "--replace", Data(_store));

        Assert.Equal((1, 0, 0), (refused.Code, dry.Code, replaced.Code));
        Assert.Contains($"the key {id} has another content in the store.", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--replace overwrites it", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"the key {id} has another content in the store.", dry.Output, StringComparison.Ordinal);
        Assert.Contains("keys           0 added, 0 unchanged, 1 replaced", replaced.Output, StringComparison.Ordinal);
        await using var after = await RunningServer.StartAsync(folder: _store);
        Assert.Equal("tester", (await after.Keys().GetKeyAsync(new GetKeyRequest { KeyId = id }, RunningServer.Admin)).Key.Alias);
    }

    [Fact]
    public async Task Standard_output_and_input_carry_the_file_and_nothing_else()
    {
        await FillAsync();
        using var export = PipedProcess.Start("export", "-", Data(_store));
        var (code, output, told) = await export.RunAsync();
        using var import = PipedProcess.Start("import", "-", Data(_other));
        var (importCode, importOutput, importErrors) = await import.RunAsync(output);

        Assert.Equal(0, code);
        Assert.StartsWith("{\"kind\":\"header\",\"format\":1,", Encoding.UTF8.GetString(output), StringComparison.Ordinal);
        Assert.EndsWith("\"}\n", Encoding.UTF8.GetString(output), StringComparison.Ordinal);
        Assert.StartsWith("Exported to standard output: 0 APIs, 1 policies", told, StringComparison.Ordinal);
        Assert.Equal((0, ""), (importCode, importErrors));
        Assert.Contains("Imported from standard input:", Encoding.UTF8.GetString(importOutput), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_that_waits_for_its_input_can_be_given_up()
    {
        using var watcher = new FileSystemWatcher(_other.Path, "decision.db");
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => opened.TrySetResult();
        watcher.EnableRaisingEvents = true;
        using var import = PipedProcess.Start("import", "-", Data(_other));

        // Also, the wait with an end keeps the watcher from being collected: nothing else holds on to it.
        await opened.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Equal(0, Kill(import.Id, 15));
        var (code, _, errors) = await import.RunAsync();

        Assert.Equal(1, code);
        Assert.Contains("Given up", errors, StringComparison.Ordinal);
    }

    private static string Data(TemporaryFolder folder) => "--Data:Path=" + folder.Path;

    private string File(string name) => Path.Combine(_files.Path, name);

    /// <summary>A policy, a key of it and a quota for the key's life that is used; gives the key's id.</summary>
    private async Task<string> FillAsync(bool custom = false)
    {
        await using var server = await RunningServer.StartAsync(folder: _store);
        await server.CreatePolicyAsync(policy => (policy.QuotaRenewalRate, policy.Rate, policy.Per) = (0, -1, 1));
        var made = await server.MakeKeyAsync(custom: custom ? "a-custom-key-of-a-partner" : "");
        await server.AskAsync(made.ApiKey.Length > 0 ? made.ApiKey : "a-custom-key-of-a-partner");
        return made.Key.KeyId;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
