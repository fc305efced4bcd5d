using System.Runtime.Versioning;
using System.Text;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;
using Decision.TestKit;
using Microsoft.Data.Sqlite;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_makes_folder_and_file_for_the_owner_alone()
    {
        string path = Path.Combine(_folder.Path, "new", "decision.db");

        using EmbeddedStore store = new(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(path)!))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Open_takes_an_empty_file_and_a_name_with_any_characters()
    {
        string path = Path.Combine(_folder.Path, "a b%20?#'ü.db");
        File.WriteAllBytes(path, []);
        new EmbeddedStore(path).Dispose();

        using EmbeddedStore again = new(path);

        Assert.Equal((long)SqliteSchema.Latest, again.Database.Read(session => session.Scalar("PRAGMA user_version")));
        Assert.Equal("wal", again.Database.Read(session => session.Scalar("PRAGMA journal_mode")));
        Assert.Equal(2L, again.Database.Write(session => session.Scalar("PRAGMA synchronous")));
        Assert.Equal(1L, again.Database.Write(session => session.Scalar("PRAGMA foreign_keys")));
    }

    [Fact]
    public void Open_of_what_is_no_database_refuses_and_touches_nothing() =>
        AssertRefusedUntouched(Encoding.UTF8.GetBytes(new string('x', 5000)), "is not a database of this server");

    [Fact]
    public void Open_of_a_short_text_refuses_and_touches_nothing() => AssertRefusedUntouched("hello"u8.ToArray(), "is not a database of this server");

    [Fact]
    public void Open_of_a_file_that_is_cut_short_refuses_and_touches_nothing()
    {
        byte[] whole = WrittenDatabase();

        AssertRefusedUntouched(whole[..^4096], "is cut short");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public void Open_of_a_damaged_file_refuses_and_touches_nothing(int fromPage)
    {
        byte[] bytes = WrittenDatabase();
        int from = fromPage == 1 ? 4096 : fromPage;
        Array.Fill(bytes, (byte)0xA5, from, bytes.Length - from);

        AssertRefusedUntouched(bytes, "is damaged");
    }

    [Fact]
    public void Open_of_another_programs_database_refuses_and_touches_nothing()
    {
        using (SqliteConnection other = new($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "CREATE TABLE songs (title TEXT)";
            command.ExecuteNonQuery();
        }

        AssertRefusedUntouched(File.ReadAllBytes(_folder.Database), "belongs to another program");
    }

    [Fact]
    public void Open_of_a_newer_layout_refuses_and_touches_nothing()
    {
        using (EmbeddedStore store = new(_folder.Database))
        {
            store.Database.Write(session => session.Execute("PRAGMA user_version = 99"));
        }

        AssertRefusedUntouched(File.ReadAllBytes(_folder.Database), $"its layout is 99, this version knows up to {SqliteSchema.Latest}");
    }

    [Fact]
    public async Task Open_of_the_layout_before_the_audit_log_keeps_all_and_adds_it()
    {
        using (EmbeddedStore store = new(_folder.Database))
        {
            Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
            store.Database.Write(session =>
            {
                session.Run("DROP TABLE audit; DROP TABLE audit_places; DROP TABLE audit_begun; DROP TABLE usage; DROP TABLE claims; DROP TABLE counter_log");
                return session.Execute("PRAGMA user_version = 1");
            });
        }

        using EmbeddedStore again = new(_folder.Database);

        Assert.NotNull(await again.Keys.FindAsync("k1", CancellationToken.None));
        Assert.Equal(AuditHead.None, await again.Audit.HeadAsync(CancellationToken.None));
        Assert.Equal((long)SqliteSchema.Latest, again.Database.Read(session => session.Scalar("PRAGMA user_version")));
    }

    [Fact]
    public async Task Open_of_the_layout_before_the_counter_log_keeps_all_counters_and_goes_on_with_them()
    {
        Charge quota = Quota(Key("k1"), "quota", 9);
        using (EmbeddedStore store = new(_folder.Database))
        {
            await store.Counters.SpendAsync(Spend(quota), CancellationToken.None);
            Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
            store.Database.Write(session =>
            {
                session.Run("DROP TABLE counter_log");
                return session.Execute("PRAGMA user_version = 3");
            });
        }

        using (EmbeddedStore again = new(_folder.Database))
        {
            await again.Counters.SpendAsync(Spend(quota), CancellationToken.None);
            Assert.True(await again.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database);

        Assert.Equal(2, (await killed.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public void Open_of_a_folder_refuses()
    {
        Directory.CreateDirectory(_folder.Database);

        Assert.Contains("is a folder", Refusal(_folder.Database), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_below_a_file_refuses()
    {
        File.WriteAllText(_folder.Database, "");

        Assert.Contains("cannot be opened or made", Refusal(Path.Combine(_folder.Database, "x.db")), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_of_a_read_only_file_refuses_and_touches_nothing()
    {
        byte[] bytes = WrittenDatabase();
        File.WriteAllBytes(_folder.Database, bytes);
        new FileInfo(_folder.Database).IsReadOnly = true;

        AssertRefusedUntouched(bytes, "is read-only");
    }

    [Fact]
    public void Open_in_a_read_only_folder_refuses_and_touches_nothing()
    {
        byte[] bytes = WrittenDatabase();
        File.WriteAllBytes(_folder.Database, bytes);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Contains($"The folder {_folder.Path} of the database is read-only", Refusal(_folder.Database), StringComparison.Ordinal);
        Assert.Equal(["decision.db"], _folder.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Open_without_a_path_refuses(string path) =>
        Assert.Equal("Storage:Path is empty. Set it to a file, or to :memory: to keep nothing.", Refusal(path));

    [Fact]
    public void Open_by_a_second_server_refuses_also_under_another_name_until_the_first_has_closed()
    {
        string link = Path.Combine(_folder.Path, "link.db");
        using (EmbeddedStore first = new(_folder.Database))
        {
            File.CreateSymbolicLink(link, _folder.Database);

            Assert.Contains("Another server already works on the database " + _folder.Database, Refusal(_folder.Database), StringComparison.Ordinal);
            Assert.Contains("Another server already works", Refusal(link), StringComparison.Ordinal);
        }

        using EmbeddedStore second = new(link);

        Assert.Equal(_folder.Database, second.Database.Path);
    }

    [Fact]
    public void Open_of_a_file_that_another_program_holds_refuses()
    {
        WrittenDatabase();
        using SqliteConnection other = new($"Data Source={_folder.Database};Pooling=False");
        other.Open();
        using SqliteCommand command = other.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        Assert.Contains("holds the database " + _folder.Database + " locked", Refusal(_folder.Database), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_used_before_it_is_open_or_after_it_is_closed_says_so()
    {
        SqliteDatabase database = new(_folder.Database);
        StoreException early = await Assert.ThrowsAsync<StoreException>(async () => await database.ReadAsync(_ => 0, CancellationToken.None));
        database.Open();
        database.Dispose();
        database.Dispose();

        StoreException late = await Assert.ThrowsAsync<StoreException>(async () => await database.WriteAsync(_ => 0, CancellationToken.None));

        Assert.Contains("is not open yet", early.Message, StringComparison.Ordinal);
        Assert.Contains("is not open any more", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_write_keeps_what_was_there_and_goes_on_when_there_is_space()
    {
        using EmbeddedStore store = new(_folder.Database);
        Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        long pages = (long)store.Database.Write(session => session.Scalar("PRAGMA page_count"))!;
        store.Database.Write(session => session.Scalar($"PRAGMA max_page_count = {pages}"));
        KeyRecord large = KeyStoreContract.Record("k2", alias: new string('a', 100_000));

        StoreException full = await Assert.ThrowsAsync<StoreException>(
            async () => await store.Keys.CreateAsync(large, CancellationToken.None));

        Assert.Equal($"The disk of the database {_folder.Database} is full; nothing was written. Free some space there.", full.Message);
        Assert.IsType<SqliteException>(full.InnerException);
        Assert.Null(await store.Keys.FindAsync("k2", CancellationToken.None));
        Assert.NotNull(await store.Keys.FindAsync("k1", CancellationToken.None));
        store.Database.Write(session => session.Scalar("PRAGMA max_page_count = 1000000"));
        Assert.True(await store.Keys.CreateAsync(large, CancellationToken.None));
    }

    [Fact]
    public async Task A_damaged_key_record_says_so()
    {
        using EmbeddedStore store = new(_folder.Database);
        Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        store.Database.Write(session => session.Execute("UPDATE keys SET record = x'7b7d'"));

        StoreException error = await Assert.ThrowsAsync<StoreException>(async () => await store.Keys.FindAsync("k1", CancellationToken.None));

        Assert.Contains("The stored record of a key is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_query_starts_from_an_index()
    {
        using EmbeddedStore store = new(_folder.Database);
        for (int parts = 1; parts < 16; parts++)
        {
            KeyFilter filter = new(
                (parts & 1) != 0 ? "o" : null, (parts & 2) != 0 ? "p" : null, (parts & 4) != 0 ? "t" : null, (parts & 8) != 0 ? "a" : null);
            foreach (string sql in new[] { Keys.KeyQueries.PageOf(filter), Keys.KeyQueries.CountOf(filter) })
            {
                List<string> plan = store.Database.Read(session => session.Query(
                    "EXPLAIN QUERY PLAN " + sql, row => row.GetString(3), "o", "p", "t", "a", "", 10));

                Assert.All(plan, line => Assert.DoesNotContain("SCAN", line, StringComparison.Ordinal));
                Assert.All(plan, line => Assert.DoesNotContain("TEMP B-TREE", line, StringComparison.Ordinal));
                string first = (parts & 2) != 0 ? "policy_id=?" : (parts & 4) != 0 ? "tag=?" : (parts & 8) != 0 ? "alias=?" : "organization_id=?";
                Assert.Contains(first, plan[0], StringComparison.Ordinal);
            }
        }
    }

    private byte[] WrittenDatabase()
    {
        using (EmbeddedStore store = new(_folder.Database))
        {
            Assert.True(store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None).AsTask().GetAwaiter().GetResult());
        }

        File.Delete(_folder.Database + ".lock");
        return File.ReadAllBytes(_folder.Database);
    }

    private void AssertRefusedUntouched(byte[] bytes, string sentence)
    {
        if (!File.Exists(_folder.Database) || !File.ReadAllBytes(_folder.Database).AsSpan().SequenceEqual(bytes))
        {
            File.WriteAllBytes(_folder.Database, bytes);
        }

        string message = Refusal(_folder.Database);

        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.Contains(_folder.Database, message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.Database));
        Assert.Equal(["decision.db"], _folder.Files.Where(file => file != "decision.db.lock"));
    }

    private static string Refusal(string path) => Assert.Throws<StoreException>(() => new SqliteDatabase(path).Open()).Message;
}
