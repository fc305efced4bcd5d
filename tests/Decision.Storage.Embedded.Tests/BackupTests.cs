using System.Runtime.Versioning;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Backups;
using Decision.TestKit;
using Microsoft.Data.Sqlite;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>Copies of a database that is in use, and what is made of them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_copy_has_keys_documents_and_counters_of_its_moment_and_nothing_that_came_later()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge quota = Quota(Key("k1"), "quota", 9);
        Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        await store.Documents.PutAsync(new Document(DocumentKind.Policy, "gold", 1, "e", "{}"u8.ToArray(), 0), null, "create", CancellationToken.None);
        await store.Counters.SpendAsync(Spend(quota), CancellationToken.None);

        string backup = await CopyAsync(store);
        Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k2"), CancellationToken.None));
        await store.Counters.SpendAsync(Spend(quota), CancellationToken.None);
        RestoredDatabase restored = RestoredDatabase.From(backup, _other.Database);

        Assert.Equal((_other.Database, 1L, 1L, 1L), (restored.Path, restored.Keys, restored.Documents[DocumentKind.Policy], restored.Counters));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_other.Database));
        using EmbeddedStore again = new(_other.Database, store.Time);
        Assert.NotNull(await again.Keys.FindAsync("k1", CancellationToken.None));
        Assert.Null(await again.Keys.FindAsync("k2", CancellationToken.None));
        Assert.Equal("e", (await again.Documents.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None))!.Etag);
        Assert.Equal(1, (await again.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
        Assert.Equal(2, (await store.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task Writers_go_on_while_a_copy_is_taken()
    {
        using EmbeddedStore store = new(_folder.Database);
        using CancellationTokenSource enough = new();
        Task<int> writing = WriteUntilAsync(store, enough.Token);

        string first = await CopyAsync(store);
        string second = await CopyAsync(store);
        await enough.CancelAsync();
        int written = await writing;

        long inFirst = RestoredDatabase.From(first, _other.Database).Keys;
        long inSecond = RestoredDatabase.From(second, _other.Database + "2").Keys;
        Assert.InRange(inFirst, 0, inSecond);
        Assert.InRange(inSecond, inFirst, written);
    }

    [Fact]
    public async Task Nothing_of_a_copy_is_left_beside_the_database()
    {
        using EmbeddedStore store = new(_folder.Database);
        EmbeddedBackup backups = new(store.Database, store.Counters);

        await using (await backups.CopyAsync(CancellationToken.None))
        {
            Assert.DoesNotContain(_folder.Files, file => file.EndsWith(".copy", StringComparison.Ordinal));
        }

        File.WriteAllText(_folder.Database + ".0a1b2c3d.copy", "of a process that was killed");
        File.WriteAllText(_folder.Database + ".0a1b2c3d.copy-journal", "of a process that was killed");
        File.WriteAllText(Path.Combine(_folder.Path, "mine.copy"), "somebody's");
        backups.RemoveLeft();

        Assert.Equal(["mine.copy"], _folder.Files.Where(file => file.Contains(".copy", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_that_is_given_up_leaves_nothing_and_the_next_one_is_taken()
    {
        using EmbeddedStore store = new(_folder.Database);
        EmbeddedBackup backups = new(store.Database, store.Counters);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await backups.CopyAsync(new CancellationToken(canceled: true)));

        await using Stream copy = await backups.CopyAsync(CancellationToken.None);
        Assert.InRange(copy.Length, 1, long.MaxValue);
    }

    [Fact]
    public async Task A_store_that_stops_gives_no_copy()
    {
        using EmbeddedStore store = new(_folder.Database);
        EmbeddedBackup backups = new(store.Database, store.Counters);
        await backups.StopAsync();

        BackupRefusedException refused = await Assert.ThrowsAsync<BackupRefusedException>(async () => await backups.CopyAsync(CancellationToken.None));

        Assert.Contains("Another backup is being taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_in_memory_has_no_copy()
    {
        using EmbeddedStore store = new(":memory:");
        EmbeddedBackup backups = new(store.Database, store.Counters);
        backups.RemoveLeft();

        BackupRefusedException refused = await Assert.ThrowsAsync<BackupRefusedException>(async () => await backups.CopyAsync(CancellationToken.None));

        Assert.Contains("Storage:Path is :memory:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_written_is_refused_and_the_store_goes_on()
    {
        // With the ending of a copy its name is longer than a name may be.
        using EmbeddedStore store = new(Path.Combine(_folder.Path, new string('d', 245)));
        Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        EmbeddedBackup backups = new(store.Database, store.Counters);

        StoreException failed = await Assert.ThrowsAsync<StoreException>(async () => await backups.CopyAsync(CancellationToken.None));

        Assert.Contains("cannot be written beside the database " + store.Database.Path, failed.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.Keys.FindAsync("k1", CancellationToken.None));
    }

    [Fact]
    public async Task A_disk_without_room_for_a_copy_is_left_to_the_store()
    {
        using EmbeddedStore store = new(_folder.Database);
        EmbeddedBackup full = new(store.Database, store.Counters) { FreeSpace = _ => 10 << 20 };

        BackupRefusedException refused = await Assert.ThrowsAsync<BackupRefusedException>(async () => await full.CopyAsync(CancellationToken.None));

        Assert.Contains("has 10 MiB left", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Files, file => file.Contains(".copy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public async Task Where_something_of_a_database_is_nothing_is_restored(string ending)
    {
        string backup;
        using (EmbeddedStore store = new(_folder.Database))
        {
            backup = await CopyAsync(store);
        }

        File.WriteAllText(_other.Database + ending, "of before");

        StoreException refused = Assert.Throws<StoreException>(() => RestoredDatabase.From(backup, _other.Database));

        Assert.Contains($"There is {_other.Database}{ending} already: stop the server and move that away", refused.Message, StringComparison.Ordinal);
        Assert.Equal("of before", File.ReadAllText(_other.Database + ending));
        Assert.Single(_other.Files);
    }

    [Fact]
    public async Task What_is_no_sound_backup_is_not_restored()
    {
        byte[] whole;
        using (EmbeddedStore store = new(_folder.Database))
        {
            for (int key = 0; key < 50; key++)
            {
                Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("k" + key), CancellationToken.None));
            }

            whole = await File.ReadAllBytesAsync(await CopyAsync(store));
        }

        byte[] damaged = [.. whole];
        Array.Fill(damaged, (byte)0xA5, 4096, damaged.Length - 4096);
        AssertRefused("is no backup of this server, or is damaged", "a text that is no database, and longer than a header of one, to be sure: 0123456789 0123456789"u8.ToArray());
        AssertRefused("damaged", whole[..(whole.Length / 8192 * 4096)]);
        AssertRefused("damaged", damaged);
        AssertRefused("is empty", []);
        AssertRefused("belongs to another program", Foreign());
        AssertRefused("was written by a newer version of this server (its layout is 99", Newer(whole));
        AssertRefused("cannot be put to", null);
    }

    private void AssertRefused(string sentence, byte[]? content)
    {
        string backup = Path.Combine(_other.Path, "wrong");
        if (content is not null)
        {
            File.WriteAllBytes(backup, content);
        }

        StoreException refused = Assert.Throws<StoreException>(() => RestoredDatabase.From(backup, _other.Database));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Contains(backup, refused.Message, StringComparison.Ordinal);
        File.Delete(backup);
        Assert.Empty(_other.Files);
    }

    private byte[] Foreign() => Changed([], "CREATE TABLE songs (title TEXT)");

    private byte[] Newer(byte[] whole) => Changed(whole, "PRAGMA user_version = 99");

    private byte[] Changed(byte[] content, string sql)
    {
        string file = Path.Combine(_folder.Path, "changed");
        File.WriteAllBytes(file, content);
        using (SqliteConnection connection = new($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(file);
    }

    private static async Task<int> WriteUntilAsync(EmbeddedStore store, CancellationToken enough)
    {
        int written = 0;
        while (!enough.IsCancellationRequested)
        {
            Assert.True(await store.Keys.CreateAsync(KeyStoreContract.Record("w" + written), CancellationToken.None));
            written++;
            await Task.Yield();
        }

        return written;
    }

    private async Task<string> CopyAsync(EmbeddedStore store)
    {
        string file = Path.Combine(_folder.Path, "backup-" + Guid.NewGuid().ToString("N"));
        await using Stream copy = await new EmbeddedBackup(store.Database, store.Counters).CopyAsync(CancellationToken.None);
        await using FileStream target = new(file, FileMode.CreateNew);
        await copy.CopyToAsync(target);
        return file;
    }
}
