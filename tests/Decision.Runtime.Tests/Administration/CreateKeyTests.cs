using System.Text;
using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Creating keys.</summary>
public sealed class CreateKeyTests
{
    private const string Custom = "partner-key-0123456789";

    [Fact]
    public async Task A_key_gets_an_id_a_text_and_its_creation_time()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        runtime.Time.Advance(TimeSpan.FromMicroseconds(7));

        CreatedKey key = await runtime.CreateKeyAsync(
            Sample.OwnKey() with { Id = "chosen", DateCreatedUs = 5, LastUpdated = "5", IsTrialSettled = true, Alias = "Ann" });

        Assert.True(KeyToken.IsId(key.Record.Key.Id));
        Assert.True(KeyToken.TryReadId(key.ApiKey, out ReadOnlySpan<char> id));
        Assert.Equal(key.Record.Key.Id, id.ToString());
        Assert.Equal((runtime.Time.NowUs(), $"{runtime.NowSeconds}", false, "Ann"),
            (key.Record.Key.DateCreatedUs, key.Record.Key.LastUpdated, key.Record.Key.IsTrialSettled, key.Record.Key.Alias));
        KeyRecord stored = await runtime.Keys.GetAsync(key.Record.Key.Id, CancellationToken.None);
        Assert.Equal((key.Record.Version, "Ann", key.Record.Key.DateCreatedUs), (stored.Version, stored.Key.Alias, stored.Key.DateCreatedUs));
        Assert.Equal(key.Record.Key.Id, await runtime.Keys.FindIdAsync(key.ApiKey, CancellationToken.None));
        Assert.Null(await runtime.Keys.FindIdAsync(key.Record.Key.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Two_keys_have_nothing_in_common()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        CreatedKey first = await runtime.CreateKeyAsync(Sample.OwnKey());
        CreatedKey second = await runtime.CreateKeyAsync(Sample.OwnKey());

        Assert.NotEqual(first.Record.Key.Id, second.Record.Key.Id);
        Assert.NotEqual(first.ApiKey[^33..], second.ApiKey[^33..]);
        Assert.NotEqual(first.Record.Version, second.Record.Version);
    }

    [Theory]
    [InlineData("fifteen-letters", "Keys:MinimumCustomLength")]
    [InlineData("dk_anything-at-all-here", "begins with dk_")]
    [InlineData("Bearer partner-key-0123456789", "Bearer")]
    [InlineData("Signature partner-key-0123456789", "Signature")]
    [InlineData(" partner-key-0123456789", "white space")]
    [InlineData("partner-key-\n-0123456789", "control character")]
    public async Task A_custom_key_that_no_client_could_send_is_refused_without_repeating_it(string custom, string sentence)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => runtime.CreateKeyAsync(Sample.OwnKey(), custom));

        Assert.Equal((AdministrationError.Invalid, "api_key"), (error.Error, Assert.Single(error.Findings).Field));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(custom, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await runtime.Keys.ListAsync(KeyFilter.All, "", 0, CancellationToken.None)).TotalSize);
    }

    [Fact]
    public async Task A_custom_key_is_taken_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateKeyAsync(Sample.OwnKey() with { Alias = "first" }, Custom);

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            () => runtime.CreateKeyAsync(Sample.OwnKey() with { Alias = "second" }, Custom));

        Assert.Equal(AdministrationError.AlreadyExists, error.Error);
        Assert.DoesNotContain(Custom, error.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await runtime.AskAsync(Custom)).Grant!.Merged.Key.Alias);
    }

    [Fact]
    public async Task Policies_without_access_rights_of_the_key_are_enough()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));

        Assert.Empty(key.Warnings);
        Assert.Equal(Reason.Allowed, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_key_without_any_right_is_refused_unless_master_keys_are_allowed()
    {
        await using TestRuntime strict = await TestRuntime.StartAsync();
        await using TestRuntime open = await TestRuntime.StartAsync(
            options => options.Engine = EngineOptions.Default with { Grants = GrantOptions.Default with { AllowMasterKeys = true } });

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => strict.CreateKeyAsync(new Key()));
        CreatedKey master = await open.CreateKeyAsync(new Key());

        Assert.Equal("access_rights", Assert.Single(error.Findings, finding => finding.Severity == Engine.Findings.FindingSeverity.Error).Field);
        Assert.Equal(Reason.Allowed, (await open.AskAsync(master, api: "anything")).Reason);
    }

    [Fact]
    public async Task An_unknown_policy_is_refused_and_names_its_place()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(() => runtime.CreateKeyAsync(Sample.Key("gold", "lost")));

        Assert.Equal((AdministrationError.Invalid, "apply_policies[1]"), (error.Error, Assert.Single(error.Findings).Field));
    }

    [Fact]
    public async Task An_unknown_policy_is_skipped_where_the_caller_allows_it_and_an_unpartitioned_one_remains()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));

        CreatedKey key = await runtime.Keys.CreateAsync(Sample.Key("lost", "gold"), "", allowsUnknownPolicies: true, CancellationToken.None);

        Verdict verdict = await runtime.AskAsync(key);
        Assert.Equal(Reason.Allowed, verdict.Reason);
        Assert.Equal(["lost"], verdict.Grant!.Merged.MissingPolicies.Select(missing => missing.PolicyId));
    }

    [Theory]
    [InlineData(false, "lost")]
    [InlineData(true, "lost")]
    [InlineData(false, "lost", "rates")]
    [InlineData(false, "foreign")]
    [InlineData(false, "each", "rates")]
    public async Task What_the_skip_rule_cannot_save_is_refused_with_the_reason(bool hasOwnRights, params string[] policies)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("rates") with { Partitions = new Partitions(false, true, false, false, false) });
        await runtime.CreateAsync(Sample.Policy("each") with { Partitions = new Partitions(false, false, false, false, true) });
        await runtime.CreateAsync(Sample.Policy("foreign") with { OrganizationId = "elsewhere" });
        Key settings = Sample.Key(policies) with { AccessRights = hasOwnRights ? Sample.On(Sample.Api) : Sample.On() };

        AdministrationException error = await Assert.ThrowsAsync<AdministrationException>(
            async () => await runtime.Keys.CreateAsync(settings, "", allowsUnknownPolicies: true, CancellationToken.None));

        Assert.Equal((AdministrationError.Invalid, "apply_policies"), (error.Error, Assert.Single(error.Findings).Field));
        Assert.Contains(policies[0], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4_000_000_000)]
    public async Task The_shortest_trial_decides_the_end_whatever_the_caller_sends(long expires)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Trial("month", 2_592_000));
        await runtime.CreateAsync(Sample.Trial("week", 604_800));
        await runtime.CreateAsync(Sample.Trial("year", 31_536_000));

        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("month", "week", "year") with { Expires = expires });

        Assert.Equal((runtime.NowSeconds + 604_800, true), (key.Record.Key.Expires, key.Record.Key.IsTrialSettled));
    }

    [Fact]
    public async Task A_key_is_expired_when_now_is_later_than_its_end()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Trial("week", 604_800));

        runtime.Time.Advance(TimeSpan.FromSeconds(604_800));
        Verdict atTheEnd = await runtime.AskAsync(key);
        runtime.Time.Advance(TimeSpan.FromMicroseconds(1));
        Verdict later = await runtime.AskAsync(key);

        Assert.Equal([Reason.Allowed, Reason.KeyExpired], new[] { atTheEnd.Reason, later.Reason });
        Assert.Equal(key.Record.Version, (await runtime.Keys.GetAsync(key.Record.Key.Id, CancellationToken.None)).Version);
    }

    [Theory]
    [InlineData("", 0, 3600)]
    [InlineData("acme", 0, 60)]
    [InlineData("", -1, null)]
    [InlineData("acme", -1, null)]
    public async Task A_key_without_an_end_gets_its_organisations_or_the_servers(string organization, long expires, int? seconds)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.DefaultExpiry = TimeSpan.FromHours(1));
        await runtime.Organizations.CreateAsync(new Organization { Id = "acme", KeyDefaultExpiry = 60 }, CancellationToken.None);

        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { OrganizationId = organization, Expires = expires });

        Assert.Equal(seconds is { } later ? runtime.NowSeconds + later : -1, key.Record.Key.Expires);
    }

    [Fact]
    public async Task An_end_in_the_past_is_warned_of()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey() with { Expires = runtime.NowSeconds - 1 });

        Assert.Equal("expires", Assert.Single(key.Warnings, warning => warning.Message.Contains("past", StringComparison.Ordinal)).Field);
        Assert.Equal(Reason.KeyExpired, (await runtime.AskAsync(key)).Reason);
    }

    [Theory]
    [InlineData(false, false, "", 0)]
    [InlineData(true, false, "", 64)]
    [InlineData(false, true, "", 64)]
    [InlineData(true, false, "imported-secret", 15)]
    [InlineData(false, false, "imported-secret", 15)]
    public async Task A_signature_secret_is_made_where_one_is_needed_and_kept_where_one_is_given(
        bool byKey, bool byPolicy, string given, int length)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold") with { HmacEnabled = byPolicy });

        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold") with { HmacEnabled = byKey, HmacString = given });

        Assert.Equal((length, ""), (key.HmacString.Length, key.Record.Key.HmacString));
        Assert.Equal(length > 0, key.Record.SealedHmacString.Length > 0);
        Assert.StartsWith(given, key.HmacString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_key_nor_secret_lies_in_the_database_or_the_log()
    {
        using TemporaryFolder folder = new();
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: folder.Database);
        CreatedKey made = await runtime.CreateKeyAsync(Sample.OwnKey() with { Alias = "findable-alias", HmacEnabled = true });
        CreatedKey custom = await runtime.CreateKeyAsync(Sample.OwnKey() with { HmacEnabled = true, HmacString = "imported-hmac-secret" }, Custom);
        RotatedKey rotated = await runtime.Keys.RotateAsync(made.Record.Key.Id, TimeSpan.FromDays(1), "", CancellationToken.None);
        await runtime.AskAsync(rotated.ApiKey);
        await runtime.AskAsync(custom);

        // First as a running server leaves it, then as a stopped one does.
        string running = Contents(folder);
        await runtime.StopAsync();
        string stopped = Contents(folder);

        string[] secrets =
        [
            made.ApiKey, made.ApiKey[20..47], rotated.ApiKey, rotated.ApiKey[20..47], custom.ApiKey, made.HmacString, custom.HmacString,
        ];
        foreach (string text in (string[])[running, stopped, string.Concat(runtime.Log.Lines)])
        {
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Contains("findable-alias", running, StringComparison.Ordinal);
        Assert.Contains("findable-alias", stopped, StringComparison.Ordinal);
    }

    // One character a byte; a text of UTF-16 would have zeros between its letters, so they are taken out as well.
    private static string Contents(TemporaryFolder folder)
    {
        StringBuilder text = new();
        // The lock file is held by the store, and has no content.
        foreach (string file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            string once = Encoding.Latin1.GetString(bytes.ToArray());
            text.Append(once).Append('\n').Append(once.Replace("\0", "", StringComparison.Ordinal)).Append('\n');
        }

        return text.ToString();
    }
}
