using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Decision.Runtime.Metrics;
using Decision.TestKit;

namespace Decision.Runtime.Tests.Files;

public sealed class FileLayerWatchTests : IDisposable
{
    private const string Tour = """{"tour":{"rate":3,"per":10,"quota_max":5,"quota_renewal_rate":3600},"gold":{"rate":50,"per":1}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edit_is_in_force_and_the_log_names_fields_and_keys()
    {
        await using var server = await StartAsync(Tour);
        for (int key = 0; key < 12; key++)
        {
            Assert.True(await server.Keys.CreateAsync(KeyStoreContract.Record($"k{key}", policies: ["tour"]), CancellationToken.None));
        }

        var gold = server.Policy("gold");
        var tour = server.Policy("tour");

        _folder.Replace("policies.json", Tour.Replace("\"rate\":3,", "\"rate\":100,").Replace("\"quota_max\":5", "\"quota_max\":50"));
        await server.UntilAsync(() => server.Log.CountOf("again:") == 1);

        Assert.Equal(100, server.Rate("tour"));
        Assert.NotSame(tour, server.Policy("tour"));
        Assert.Same(gold, server.Policy("gold"));
        Assert.Contains("Policy tour changed: rate 3 -> 100, quota_max 5 -> 50; 12 keys use it.", server.Log.All);
        Assert.Contains(
            $"Read {_folder["policies.json"]} again: 0 policies added, 1 changed, 0 removed; 2 policies (0 switched off) and 0 APIs, and 12 keys use a policy that changed.",
            server.Log.All);
    }

    [Fact]
    public async Task Added_removed_and_switched_policies_have_a_line_each()
    {
        await using var server = await StartAsync("""{"a":{"rate":1,"per":1},"b":{"rate":1,"per":1},"c":{"rate":1,"per":1,"active":false}}""");
        Assert.True(await server.Keys.CreateAsync(KeyStoreContract.Record("k1", policies: ["a"]), CancellationToken.None));

        _folder.Replace(
            "policies.json", """{"b":{"rate":2,"per":1,"active":false},"c":{"rate":1,"per":1,"active":true},"d":{"rate":1,"per":1}}""");
        await server.UntilAsync(() => server.Log.CountOf("again:") == 1);

        Assert.Contains("Policy a removed (was in policies.json); 1 key uses it.", server.Log.All);
        Assert.Contains("Policy b switched off, changed: rate 1 -> 2; no key uses it.", server.Log.All);
        Assert.Contains("Policy c switched on; no key uses it.", server.Log.All);
        Assert.Contains("Policy d added (policies.json); no key uses it.", server.Log.All);
        Assert.Equal(["b", "c", "d"], server.PolicyIds);
        Assert.False(server.Policy("b").Policy.IsLoaded);
    }

    [Fact]
    public async Task Broken_edit_keeps_the_set_says_so_once_and_is_mended()
    {
        await using var server = await StartAsync(Tour);
        var tour = server.Policy("tour");

        _folder.Replace("policies.json", """{"tour":{"rate":-2,"per":10},"gold":{"rate":"x","per":1}}""");
        await server.UntilAsync(() => server.Problem is not null);
        await server.LookAsync(3);

        Assert.Same(tour, server.Policy("tour"));
        Assert.StartsWith(
            $"{_folder["policies.json"]} cannot be loaded, the set in force before stays: policies.json: policy tour: rate: ", server.Problem);
        Assert.EndsWith("(2 errors, this is the first)", server.Problem);
        Assert.Equal(1, server.Log.CountOf("policies.json: policy tour: rate: "));
        Assert.Equal(1, server.Log.CountOf("policies.json: policy gold: rate: "));
        Assert.Equal(1, server.Log.CountOf("the set in force stays, with 2 policies"));

        _folder.Replace("policies.json", Tour.Replace("\"rate\":3,", "\"rate\":4,"));
        await server.UntilAsync(() => server.Problem is null);

        Assert.Equal(4, server.Rate("tour"));
        Assert.Contains($"{_folder["policies.json"]} are good again.", server.Log.All);
    }

    [Fact]
    public async Task File_that_vanishes_keeps_the_set_until_it_returns()
    {
        await using var server = await StartAsync(Tour);
        var tour = server.Policy("tour");

        File.Delete(_folder["policies.json"]);
        await server.UntilAsync(() => server.Problem is not null);

        Assert.Contains("policies.json: is not there", server.Problem);
        Assert.Same(tour, server.Policy("tour"));

        _folder.Replace("policies.json", Tour);
        await server.UntilAsync(() => server.Problem is null);

        Assert.Same(tour, server.Policy("tour"));
    }

    [Fact]
    public async Task Folder_that_is_replaced_is_seen_also_without_events()
    {
        _folder.Folder("p");
        _folder.Write("p/tour.json", """{"rate":3,"per":10}""");
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"]);
        var tour = server.Policy("tour");

        Directory.Move(_folder["p"], _folder["away"]);
        await server.UntilAsync(() => server.Problem is not null);
        Assert.Contains("is not there", server.Problem);
        Assert.Same(tour, server.Policy("tour"));

        _folder.Folder("new");
        _folder.Write("new/tour.json", """{"rate":4,"per":10}""");
        Directory.Move(_folder["new"], _folder["p"]);
        await server.UntilAsync(() => server.Problem is null);

        Assert.Equal(4, server.Rate("tour"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"tour\":{\"rate\":7", "is not complete JSON")]
    public async Task Half_written_file_keeps_the_set_until_it_is_complete(string half, string said)
    {
        await using var server = await StartAsync(Tour);

        File.WriteAllText(_folder["policies.json"], half);
        await server.UntilAsync(() => server.Problem?.Contains(said, StringComparison.Ordinal) == true);
        Assert.Equal(3, server.Rate("tour"));

        File.WriteAllText(_folder["policies.json"], """{"tour":{"rate":7,"per":10}}""");
        await server.UntilAsync(() => server.Problem is null && server.Rate("tour") == 7);
        Assert.Equal(["tour"], server.PolicyIds);
    }

    [Fact]
    public async Task Empty_object_clears_the_set()
    {
        await using var server = await StartAsync(Tour);

        _folder.Replace("policies.json", "{}");
        await server.UntilAsync(() => server.PolicyIds.Length == 0);

        Assert.Null(server.Problem);
    }

    [Fact]
    public async Task Link_of_a_mounted_folder_that_is_swapped_is_seen()
    {
        // As Kubernetes lays out a ConfigMap, and with the same time and size in both versions.
        var stamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_folder.Write("m/..one/tour.json", """{"rate":3,"per":10}"""), stamp);
        File.SetLastWriteTimeUtc(_folder.Write("m/..two/tour.json", """{"rate":4,"per":10}"""), stamp);
        Directory.CreateSymbolicLink(_folder["m/..data"], "..one");
        File.CreateSymbolicLink(_folder["m/tour.json"], "..data/tour.json");
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["m"]);
        Assert.Equal(3, server.Rate("tour"));

        Directory.CreateSymbolicLink(_folder["m/..data_tmp"], "..two");
        using (var move = Process.Start("mv", ["-T", _folder["m/..data_tmp"], _folder["m/..data"]]))
        {
            await move.WaitForExitAsync(CancellationToken.None);
            Assert.Equal(0, move.ExitCode);
        }

        await server.UntilAsync(() => server.Rate("tour") == 4);

        Assert.Equal("tour.json", server.Policy("tour").Source);
    }

    [Fact]
    public async Task File_that_leaves_the_folder_takes_its_policies_along_but_the_last_one_does_not()
    {
        _folder.Write("p/a.json", """{"rate":1,"per":1}""");
        _folder.Write("p/b.json", """{"rate":1,"per":1}""");
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"]);

        File.Delete(_folder["p/a.json"]);
        await server.UntilAsync(() => server.PolicyIds is ["b"]);
        Assert.Null(server.Problem);

        File.Delete(_folder["p/b.json"]);
        await server.UntilAsync(() => server.Problem is not null);
        Assert.Equal(["b"], server.PolicyIds);
        Assert.Contains("has no *.json file: put the files back, or write {} into one", server.Problem);

        _folder.Write("p/none.json", "{}");
        await server.UntilAsync(() => server.PolicyIds.Length == 0);
        Assert.Null(server.Problem);
    }

    [Fact]
    public async Task Policy_that_moves_to_another_file_says_so()
    {
        _folder.Write("p/a.json", """{"y":{"rate":1,"per":1}}""");
        _folder.Write("p/b.json", "{}");
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"]);
        await server.StopFilesAsync();

        _folder.Replace("p/a.json", "{}");
        _folder.Replace("p/b.json", """{"y":{"rate":1,"per":1}}""");
        await server.Layer.ReloadAsync(CancellationToken.None);

        Assert.Equal("b.json", server.Policy("y").Source);
        Assert.Contains("Policy y moved from a.json to b.json; no key uses it.", server.Log.All);
    }

    [Fact]
    public async Task Change_of_equal_size_and_time_is_seen_by_its_content_while_the_file_is_young()
    {
        var stamp = new DateTime(2026, 11, 2, 12, 0, 0, DateTimeKind.Utc);
        _folder.Write("policies.json", """{"tour":{"rate":3,"per":10}}""");
        File.SetLastWriteTimeUtc(_folder["policies.json"], stamp);
        await using var server = await FileServer.StartAsync(options => options.PolicyFile = _folder["policies.json"]);
        await server.StopFilesAsync();

        File.WriteAllText(_folder["policies.json"], """{"tour":{"rate":4,"per":10}}""");
        File.SetLastWriteTimeUtc(_folder["policies.json"], stamp);
        await server.LookAsync(1);
        Assert.Equal(4, server.Rate("tour"));

        server.Time.Advance(TimeSpan.FromSeconds(4));
        await server.LookAsync(1);
        File.WriteAllText(_folder["policies.json"], """{"tour":{"rate":5,"per":10}}""");
        File.SetLastWriteTimeUtc(_folder["policies.json"], stamp.AddSeconds(1));
        await server.LookAsync(1);
        Assert.Equal(5, server.Rate("tour"));
    }

    [Fact]
    public async Task Folder_that_cannot_be_listened_to_is_looked_at()
    {
        _folder.Write("p/tour.json", """{"rate":3,"per":10}""");
        await using (await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"], _folder["decision.db"]))
        {
        }

        Directory.Move(_folder["p"], _folder["away"]);
        await using var server = await FileServer.StartAsync(options => options.PolicyFolder = _folder["p"], _folder["decision.db"]);
        Assert.Equal(1, server.Log.CountOf($"Events of {_folder["p"]} do not come ("));

        Directory.Move(_folder["away"], _folder["p"]);
        await server.UntilAsync(() => server.Problem is null);
        Assert.Equal(["tour"], server.PolicyIds);
    }

    [Fact]
    public async Task Values_of_metadata_and_unknown_fields_stay_out_of_the_log()
    {
        await using var server = await StartAsync("""{"tour":{"rate":3,"per":10,"meta_data":{"token":"first"},"colour":"blue"}}""");
        await server.StopFilesAsync();

        _folder.Replace("policies.json", """{"tour":{"rate":3,"per":10,"meta_data":{"token":"second"},"colour":"green"}}""");
        await server.Layer.ReloadAsync(CancellationToken.None);

        Assert.Contains("Policy tour changed: meta_data.token changed, colour changed; no key uses it.", server.Log.All);
        Assert.Equal(0, server.Log.CountOf("second"));
        Assert.Equal(0, server.Log.CountOf("green"));
    }

    [Fact]
    public async Task Reload_that_is_cancelled_before_the_swap_leaves_the_change_to_the_next_look()
    {
        await using var server = await StartAsync(Tour);
        await server.StopFilesAsync();
        _folder.Replace("policies.json", Tour.Replace("\"rate\":3,", "\"rate\":4,"));
        await server.Catalog.Gate.WaitAsync(CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        var reload = server.Layer.ReloadAsync(cancelled.Token);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reload);
        server.Catalog.Gate.Release();
        Assert.Equal(3, server.Rate("tour"));

        await server.LookAsync(1);
        Assert.Equal(4, server.Rate("tour"));
    }

    [Fact]
    public async Task Reload_reads_at_once_and_answers_every_finding_and_count()
    {
        await using var server = await StartAsync(Tour);
        await server.StopFilesAsync();

        _folder.Replace("policies.json", """{"tour":{"rate":9,"per":10,"quota_max":-1,"colour":"red"},"off":{"rate":1,"per":1,"quota_max":-1,"active":false}}""");
        var good = await server.Layer.ReloadAsync(CancellationToken.None);
        _folder.Replace("policies.json", """{"tour":{"rate":-2,"per":10,"quota_max":-1}}""");
        var bad = await server.Layer.ReloadAsync(CancellationToken.None);

        Assert.True(good.IsInForce);
        Assert.Equal((2, 1, 1, 1, 1), (good.Policies, good.SwitchedOff, good.Added, good.Changed, good.Removed));
        Assert.Equal("colour", Assert.Single(good.Findings).Field);
        Assert.False(bad.IsInForce);
        Assert.Equal((2, 1, 0), (bad.Policies, bad.SwitchedOff, bad.Changed));
        Assert.Equal("rate", Assert.Single(bad.Findings).Field);
        Assert.Equal(9, server.Rate("tour"));
    }

    [Fact]
    public async Task Apis_of_one_listen_path_refuse_the_load_and_a_change_is_told()
    {
        _folder.Write("apis.json", """[{"api_id":"orders","listen_path":"/orders/"}]""");
        await using var server = await FileServer.StartAsync(options => options.ApiFile = _folder["apis.json"]);

        _folder.Replace("apis.json", """[{"api_id":"orders","listen_path":"/o/"},{"api_id":"other","listen_path":"/o/"}]""");
        await server.UntilAsync(() => server.Problem is not null);
        Assert.Equal("/orders/", server.Catalog.Rules.Apis.Find("orders")!.Api.ListenPath);
        Assert.Contains("apis.json: API other: listen_path", server.Problem);

        _folder.Replace("apis.json", """[{"api_id":"orders","listen_path":"/o/"}]""");
        await server.UntilAsync(() => server.Problem is null);
        Assert.Contains("API orders changed: listen_path \"/orders/\" -> \"/o/\".", server.Log.All);
    }

    [Fact]
    public async Task Store_that_fails_costs_counts_and_the_last_good_set_but_not_the_reload()
    {
        await using var server = await StartAsync(Tour);
        await server.CloseStoreAsync();

        _folder.Replace("policies.json", Tour.Replace("\"rate\":3,", "\"rate\":4,"));
        await server.UntilAsync(() => server.Problem is not null);
        await server.LookAsync(3);

        Assert.Equal(4, server.Rate("tour"));
        Assert.StartsWith("The last good set of the files could not be stored: ", server.Problem);
        Assert.Contains("Policy tour changed: rate 3 -> 4; how many keys use it is not known.", server.Log.All);
        Assert.Equal(1, server.Log.CountOf("The keys of changed policies could not be counted."));
        Assert.Equal(1, server.Log.CountOf("The last good set could not be stored"));
    }

    [Fact]
    public async Task Metrics_count_reloads_and_tell_a_stale_set()
    {
        _folder.Write("policies.json", Tour);
        await using var server = new FileServer(options => options.PolicyFile = _folder["policies.json"]);
        var counted = new List<string>();
        int stale = -1;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DecisionMetrics.MeterName && instrument.Meter.Scope == server.Meters && instrument.Name.StartsWith("decision.file", StringComparison.Ordinal))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add((string)tags[0].Value!));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => stale = value);
        listener.Start();
        await server.StartAsync();
        await server.StopFilesAsync();

        _folder.Replace("policies.json", "");
        await server.Layer.ReloadAsync(CancellationToken.None);
        listener.RecordObservableInstruments();

        Assert.Equal(["loaded", "failed"], counted);
        Assert.Equal(1, stale);
    }

    [Fact]
    public async Task Ten_thousand_policies_load_and_one_edit_changes_one_entry()
    {
        string file = TenThousand(rateOfLast: 5);
        await using var server = await StartAsync(file);
        var before = server.Catalog.Rules.Policies.Entries.ToDictionary(entry => entry.Policy.Id);
        Assert.Equal(10_000, before.Count);

        _folder.Replace("policies.json", TenThousand(rateOfLast: 6));
        await server.UntilAsync(() => server.Log.CountOf("again:") == 1);

        var other = Assert.Single(server.Catalog.Rules.Policies.Entries, entry => !ReferenceEquals(entry, before[entry.Policy.Id]));
        Assert.Equal("p9999", other.Policy.Id);
        Assert.Equal(6, server.Rate("p9999"));
    }

    private static string TenThousand(int rateOfLast)
    {
        var json = new StringBuilder("{");
        for (int id = 0; id < 10_000; id++)
        {
            json.Append(id == 0 ? "" : ",").Append($"\"p{id}\":{{\"rate\":{(id == 9_999 ? rateOfLast : 5)},\"per\":1}}");
        }

        return json.Append('}').ToString();
    }

    private Task<FileServer> StartAsync(string policies)
    {
        _folder.Write("policies.json", policies);
        return FileServer.StartAsync(options => options.PolicyFile = _folder["policies.json"]);
    }
}
