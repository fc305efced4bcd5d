using System.Globalization;
using System.Text;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Decision.Runtime.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>Files that are not imported: everything that is wrong is told, and nothing is written.</summary>
public sealed class RefusedImportTests
{
    [Fact]
    public async Task File_that_was_cut_off_anywhere_is_refused()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        byte[] export = original.Export;
        for (int length = 0; length < export.Length; length += 1 + (export.Length / 60))
        {
            string[] findings = await RefusedAsync(export[..length]);
            Assert.Contains(
                findings,
                finding => finding.Contains("cut off", StringComparison.Ordinal) || finding.Contains("not the header", StringComparison.Ordinal)
                    || finding.Contains("is empty", StringComparison.Ordinal) || finding.Contains("is not one JSON object", StringComparison.Ordinal));
        }

        // Also where only the last line break is missing, or only whole lines are.
        Assert.Contains("cut off", Assert.Single(await RefusedAsync(export[..^1])), StringComparison.Ordinal);
        ExportText text = new(export);
        text.Lines.RemoveAt(text.Lines.Count - 1);
        Assert.Contains("cut off", Assert.Single(await RefusedAsync(text.Bytes)), StringComparison.Ordinal);
        text.Lines.RemoveAt(1);
        Assert.Contains(await RefusedAsync(text.Bytes), finding => finding.Contains("cut off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_with_an_edited_line_is_refused()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        string[] edits = ["\"quota_max\":21", "\"alias\":\"plain\"", "\"exported_at\":\"2026", "\"subject_kind\":\"key\"", "\"change\":\"rollback\""];
        foreach (string edit in edits)
        {
            ExportText text = new(original.Export);
            string changed = edit switch
            {
                "\"subject_kind\":\"key\"" => "\"subject_kind\":\"api\"",
                "\"change\":\"rollback\"" => "\"change\":\"update\"",
                _ => edit[..^1] + (edit[^1] == '"' ? "x\"" : "2"),
            };
            text.Edit(text.NumberOf(edit), edit, changed);

            Assert.Contains("changed after it was written", Assert.Single(await RefusedAsync(text.Bytes)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lines_that_were_removed_repeated_moved_or_added_are_refused()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        ExportText removed = new(original.Export);
        removed.Lines.RemoveAt(removed.NumberOf("\"kind\":\"usage\"") - 1);
        ExportText repeated = new(original.Export);
        repeated.Lines.Insert(repeated.Lines.Count - 2, repeated.Lines[^2]);
        ExportText moved = new(original.Export);
        moved.Lines.Insert(2, moved.Lines[^2]);
        ExportText joined = new([.. original.Export, .. original.Export]);
        ExportText headed = new(original.Export);
        headed.Lines.Insert(1, headed.Lines[0]);
        ExportText unclosed = new(original.Export);
        unclosed.Lines.RemoveAt(unclosed.NumberOf("\"etag\"") - 1);
        unclosed.Lines.RemoveAt(unclosed.NumberOf("\"revision\":4") - 1);

        Assert.Contains("counts or a checksum", Assert.Single(await RefusedAsync(removed.Bytes)), StringComparison.Ordinal);
        Assert.Contains("comes twice", Assert.Single(await RefusedAsync(repeated.Sign().Bytes)), StringComparison.Ordinal);
        Assert.Contains(await RefusedAsync(moved.Sign().Bytes), finding => finding.Contains("out of its place", StringComparison.Ordinal));
        Assert.Contains("after the trailer", Assert.Single(await RefusedAsync(joined.Bytes)), StringComparison.Ordinal);
        Assert.Contains(await RefusedAsync(headed.Sign().Bytes), finding => finding.Contains("second header", StringComparison.Ordinal));
        Assert.Contains(
            await RefusedAsync(unclosed.Sign().Bytes), finding => finding.Contains("the newest revision of the policy 'log'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_findings_come_at_once_with_their_lines()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        ExportText text = new(original.Export);
        int usage = text.NumberOf("\"kind\":\"usage\"");
        int key = text.NumberOf("\"kind\":\"key\"");
        int policy = text.NumberOf("\"id\":\"bucket\"");
        string state = text.Lines[usage - 1].Split("\"state\":\"")[1][..8];
        text.Edit(usage, state, "AAAAAAAA");
        text.Edit(usage + 1, "\"state\":\"", "\"state\":\"?");
        text.Edit(usage + 2, "\"name\":", "\"nome\":");
        text.Edit(key, "\"kind\":\"key\"", "\"kind\":\"key\",\"owner\":1");
        text.Edit(usage + 3, "\"kind\":\"usage\"", "\"kind\":\"usage\",\"name\":\"x\"");
        text.Edit(key + 1, "\"kind\":\"key\"", "\"kind\":\"lease\"");
        text.Edit(key + 2, "\"record\":{\"format\":1", "\"record\":{\"format\":2");
        text.Lines[key + 2] = "{\"kind\":\"key\"";
        text.Edit(policy, "\"json\":{", "\"json\":{\"tags\":7,");

        string[] findings = await RefusedAsync(text.Sign().Bytes);

        (int Line, string Text)[] expected =
        [
            (policy, "cannot be read"), (usage, "'state' that is damaged"), (usage + 1, "'state' that is not base64"), (usage + 2, "lacks the field 'name'"),
            (usage + 3, "has the field 'name' twice"),
            (key, "'owner', which this version does not know"), (key + 1, "kind 'lease', which this version does not know"),
            (key + 2, "this server reads 1"), (key + 3, "is not one JSON object"),
        ];
        Assert.Equal(expected.Length, findings.Length);
        Assert.All(expected, (finding, i) => Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"line {finding.Line}: "), findings[i], StringComparison.Ordinal));
        Assert.All(expected, (finding, i) => Assert.Contains(finding.Text, findings[i], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "has the format 2, and this version reads 1")]
    [InlineData("\"usage\",", "\"usage\",\"lease\",", "announces the kind 'lease'")]
    [InlineData("\"kinds\"", "\"shard\":1,\"kinds\"", "has the field 'shard', which this version does not know")]
    [InlineData("\"kind\":\"header\"", "\"kind\":\"top\"", "is not the header")]
    public async Task Header_of_a_newer_version_or_of_another_program_is_refused_at_once(string before, string after, string expected)
    {
        using FilledStore original = await FilledStore.MakeAsync();

        string[] findings = await RefusedAsync(new ExportText(original.Export).Edit(1, before, after).Sign().Bytes);

        Assert.Contains(expected, Assert.Single(findings), StringComparison.Ordinal);
        Assert.StartsWith("line 1: ", findings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_findings_than_anybody_reads_are_counted()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        ExportText text = new(original.Export);
        text.Lines.InsertRange(1, Enumerable.Repeat("nothing", 250));
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        ImportReport report = await FilledStore.ImportAsync(runtime, text.Sign().Bytes);

        Assert.Equal((250, 100), (report.Findings.Total, report.Findings.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_made_with_another_Secrets_Key_are_refused_by_the_setting_s_name(bool hasOwn)
    {
        using FilledStore original = await FilledStore.MakeAsync();
        byte[] other = [.. FilledStore.SecretsKey.Reverse()];

        string finding = Assert.Single(await RefusedAsync(original.Export, new ImportOptions { SecretsKey = hasOwn ? other : null }));

        Assert.Contains("Set Secrets:Key to that of the server that exported", finding, StringComparison.Ordinal);
        Assert.Equal(!hasOwn, finding.Contains("which has none", StringComparison.Ordinal));
        Assert.DoesNotContain(Convert.ToBase64String(FilledStore.SecretsKey), Encoding.UTF8.GetString(original.Export), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_writes_nothing_and_says_what_would_be()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        ImportReport report = await FilledStore.ImportAsync(
            runtime, original.Export, new ImportOptions { IsDryRun = true, SecretsKey = FilledStore.SecretsKey });

        Assert.True(report.IsAccepted);
        Assert.Equal((6, 6), (report[TransferKind.Policy].Added, report[TransferKind.Key].Added));
        await AssertEmptyAsync(runtime);
    }

    private static async Task<string[]> RefusedAsync(byte[] export, ImportOptions? options = null)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        ImportReport report = await FilledStore.ImportAsync(runtime, export, options);
        Assert.False(report.IsAccepted);
        await AssertEmptyAsync(runtime);
        return [.. report.Findings.Select(finding => finding.ToString())];
    }

    private static async Task AssertEmptyAsync(TestRuntime runtime)
    {
        Assert.Equal(0, await runtime.KeyStore.CountAsync(KeyFilter.All, CancellationToken.None));
        IDocumentHistory history = runtime.Services.GetRequiredService<IDocumentHistory>();
        foreach (DocumentKind kind in Enum.GetValues<DocumentKind>())
        {
            Assert.Empty(await history.ListIdsAsync(kind, CancellationToken.None));
        }

        Assert.False(await runtime.Services.GetRequiredService<ICounterTransfer>().ExportAsync(CancellationToken.None).AnyAsync());
    }
}
