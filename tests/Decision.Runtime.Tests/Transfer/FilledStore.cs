using System.Text.Json;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Decision.Runtime.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>A store on disk with something of everything in it, made as an administrator and proxies make it.</summary>
internal sealed class FilledStore : IDisposable
{
    public static readonly byte[] SecretsKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
    private readonly TemporaryFolder _folder = new();

    /// <summary>The moment at which everything was written; later runtimes go on from there.</summary>
    public static DateTimeOffset At { get; } = TestRuntime.Start.AddSeconds(3);

    /// <summary>The export of the store.</summary>
    public byte[] Export { get; private set; } = [];

    /// <summary>The texts of keys that are accepted.</summary>
    public List<string> Tokens { get; } = [];

    /// <summary>Every text that must not be at rest anywhere.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>A signed key's id and secret.</summary>
    public (string Id, string Secret) Signed { get; private set; }

    /// <summary>The id of a key with a custom text.</summary>
    public string CustomId { get; private set; } = "";

    /// <summary>The id of a key that a policy alone gives its limits.</summary>
    public string PlainId { get; private set; } = "";

    public string Database => _folder.Database;

    public static async Task<FilledStore> MakeAsync()
    {
        FilledStore store = new();
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: store.Database);
        await store.FillAsync(runtime);
        runtime.Time.SetUtcNow(At);
        store.Export = await ExportAsync(runtime);
        return store;
    }

    /// <summary>Opens another database, imports and closes it: what comes after sees only what is on the disk.</summary>
    public static async Task<ImportReport> ImportAsync(string path, byte[] export, ImportOptions? options = null)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: path, at: At);
        return await ImportAsync(runtime, export, options);
    }

    public static async Task<ImportReport> ImportAsync(TestRuntime runtime, byte[] export, ImportOptions? options = null) =>
        await new StoreImport(
            runtime.Services.GetRequiredService<IDocumentStore>(),
            runtime.Services.GetRequiredService<ICounterTransfer>(),
            runtime.Services.GetRequiredService<IKeyStore>(),
            runtime.Time).RunAsync(new MemoryStream(export), options ?? new ImportOptions { SecretsKey = SecretsKey }, CancellationToken.None);

    public static async Task<byte[]> ExportAsync(string path)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: path, at: At);
        return await ExportAsync(runtime);
    }

    public static async Task<byte[]> ExportAsync(TestRuntime runtime)
    {
        using MemoryStream file = new();
        await Exporter(runtime).WriteAsync(file, SecretsKey, null, CancellationToken.None);
        return file.ToArray();
    }

    public static StoreExport Exporter(TestRuntime runtime) => new(
        runtime.Services.GetRequiredService<IDocumentStore>(),
        runtime.Services.GetRequiredService<IDocumentHistory>(),
        runtime.Services.GetRequiredService<ICounterTransfer>(),
        runtime.Services.GetRequiredService<IKeyStore>(),
        runtime.Time);

    public void Dispose() => _folder.Dispose();

    private async Task FillAsync(TestRuntime runtime)
    {
        await runtime.Apis.CreateAsync(new Api { Id = Sample.Api, Name = "Bestellungen ü", Rate = new RateSettings(900, 60) }, CancellationToken.None);
        await runtime.Organizations.CreateAsync(
            new Organization { Id = "", Name = "Ours", Quota = new QuotaSettings(1_000, 0, QuotaPeriod.Month, "Europe/Berlin") }, CancellationToken.None);
        await runtime.Organizations.UpdateAsync("", ours => ours with { Rate = new RateSettings(500, 10) }, "", CancellationToken.None);
        await MakePoliciesAsync(runtime);

        CreatedKey plain = Keep(await runtime.CreateKeyAsync(Sample.Key("log") with { Alias = "plain", Tags = ["a"] }));
        PlainId = plain.Record.Key.Id;
        CreatedKey custom = Keep(await runtime.CreateKeyAsync(Sample.Key("bucket"), "a-custom-key-of-a-partner"));
        CustomId = custom.Record.Key.Id;
        CreatedKey signed = Keep(await runtime.CreateKeyAsync(Sample.Key("window") with { HmacEnabled = true }));
        Signed = (signed.Record.Key.Id, signed.HmacString);
        CreatedKey rotated = Keep(await runtime.CreateKeyAsync(Sample.Key("sliding")));
        RotatedKey fresh = await runtime.Keys.RotateAsync(rotated.Record.Key.Id, TimeSpan.FromHours(1), "", CancellationToken.None);
        Keep(fresh.ApiKey);
        CreatedKey own = Keep(await runtime.CreateKeyAsync(Sample.OwnKey(rate: 7, per: 30, quota: 9)));
        await runtime.UpdateAsync(own, key => key with { Metadata = Sample.Metadata(("team", "größe")) });
        Keep(await runtime.CreateKeyAsync(Sample.Key("log") with { Expires = runtime.NowSeconds - 10 }));
        CreatedKey gone = await runtime.CreateKeyAsync(Sample.Key("log"));
        await runtime.Keys.DeleteAsync(gone.Record.Key.Id, "", CancellationToken.None);

        for (int round = 0; round < 3; round++)
        {
            foreach (string token in Tokens)
            {
                await runtime.AskAsync(token);
            }

            await runtime.AskAsync(Ask(Signed, runtime));
            runtime.Time.Advance(TimeSpan.FromMilliseconds(700));
        }
    }

    /// <summary>A signed request.</summary>
    public static DecisionCall Ask((string Id, string Secret) signed, TestRuntime runtime) => new()
    {
        Request = new AccessRequest(Sample.Api, "GET", "/1") { Headers = [Sample.Date(runtime.Time.GetUtcNow())] },
        ApiKey = Sample.Signature(signed.Id, signed.Secret, runtime.Time.GetUtcNow()),
    };

    private static async Task MakePoliciesAsync(TestRuntime runtime)
    {
        await runtime.CreateAsync(Sample.Policy("log", rate: 5, per: 10, quota: 20));
        await runtime.EditAsync("log", policy => policy with { Limits = Sample.Limits(6, 10, 21) });
        await runtime.EditAsync("log", policy => policy with { Name = "third" });
        await runtime.Policies.RollbackAsync("log", 2, "", CancellationToken.None);
        await runtime.CreateAsync(With("bucket", RateAlgorithm.TokenBucket));
        await runtime.CreateAsync(With("window", RateAlgorithm.FixedWindow));
        await runtime.CreateAsync(With("sliding", RateAlgorithm.SlidingWindow));
        await runtime.CreateAsync(Sample.Policy("back", rate: 1));
        await runtime.Policies.DeleteAsync("back", "", isForced: false, CancellationToken.None);
        await runtime.CreateAsync(Sample.Policy("back", rate: 2) with { ExtraFields = Sample.Metadata(("of_a_later_version", "x")) });
        await runtime.CreateAsync(Sample.Policy("deleted", rate: 3));
        await runtime.Policies.DeleteAsync("deleted", "", isForced: false, CancellationToken.None);
    }

    private static Policy With(string id, RateAlgorithm algorithm) => Sample.Policy(id) with
    {
        Limits = new LimitSettings
        {
            Rate = new RateSettings(4, 10, algorithm, algorithm == RateAlgorithm.TokenBucket ? 5 : 0),
            Quota = new QuotaSettings(30, 0, QuotaPeriod.Day, "America/New_York"),
        },
    };

    private CreatedKey Keep(CreatedKey key)
    {
        Keep(key.ApiKey);
        if (key.HmacString.Length > 0)
        {
            Secrets.Add(key.HmacString);
        }

        return key;
    }

    private void Keep(string token)
    {
        Tokens.Add(token);
        Secrets.Add(token);
    }
}
