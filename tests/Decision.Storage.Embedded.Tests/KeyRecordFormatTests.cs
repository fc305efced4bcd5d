using System.Text;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Embedded.Tests;

/// <summary>The text of a stored key is the same in every store and every version: what is written here stays readable.</summary>
public sealed class KeyRecordFormatTests
{
    private const string Stored =
        """{"format":1,"version":"ffffffffffffffff","created_us":1790000000123456,"hashes":[{"scheme":2,"hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},{"scheme":1,"hash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","ends_us":5}],"hmac_sealed":"s1:x","key":""";

    [Fact]
    public void Write_gives_the_text_that_is_stored()
    {
        Assert.Equal(Stored + """{"key_id":"k1","org_id":"o"}}""", Encoding.UTF8.GetString(KeyRecordFormat.Write(Record())));
    }

    [Fact]
    public void Write_of_a_plain_key_fits_into_256_bytes_of_Redis()
    {
        KeyRecord record = new()
        {
            Key = new Key { Id = "0123456789abcdef", ApplyPolicies = ["policy-0"], DateCreatedUs = 1_790_000_000_000_000 },
            Hashes = [KeyStoreContract.Custom("test") with { EndsAtUs = null }],
            Version = 1,
        };

        byte[] stored = KeyRecordFormat.Write(record);

        // Redis keeps a text with four bytes more, and its allocator has places of 256 and of 320 bytes.
        Assert.InRange(stored.Length, 1, 252);
        Assert.Equal(record.Key.DateCreatedUs, KeyRecordFormat.Read(stored).Key.DateCreatedUs);
    }

    [Fact]
    public void Read_of_the_stored_text_gives_every_part()
    {
        KeyRecord record = KeyRecordFormat.Read(Encoding.UTF8.GetBytes(
            Stored + """{"key_id":"k1","org_id":"o","apply_policies":["gold"],"is_trial_settled":true,"date_created":"2026-09-21T14:13:20Z"}}"""));

        Assert.Equal(ulong.MaxValue, record.Version);
        Assert.Equal("s1:x", record.SealedHmacString);
        Assert.Equal([KeyHashScheme.HmacSha256, KeyHashScheme.Sha256], record.Hashes.Select(hash => hash.Scheme));
        Assert.Equal([null, 5L], record.Hashes.Select(hash => hash.EndsAtUs));
        Assert.Equal(KeyStoreContract.Custom("test").ToText(), record.Hashes[0].ToText());
        Assert.Equal(("k1", "o", 1_790_000_000_123_456, true), (record.Key.Id, record.Key.OrganizationId, record.Key.DateCreatedUs, record.Key.IsTrialSettled));
        Assert.Equal(["gold"], record.Key.ApplyPolicies);
    }

    [Fact]
    public void Write_refuses_a_signature_secret_in_clear_and_a_version_of_zero()
    {
        KeyRecord record = Record();

        Assert.Throws<ArgumentException>(() => KeyRecordFormat.Write(record with { Key = record.Key with { HmacString = "secret" } }));
        Assert.Throws<ArgumentException>(() => KeyRecordFormat.Write(record with { Version = 0 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":"1"}""")]
    [InlineData("""{"format":1,"version":"x","created_us":1,"hashes":[],"key":{}}""")]
    [InlineData("""{"format":1,"version":"1","created_us":1,"hashes":[{"scheme":9,"hash":"00"}],"key":{}}""")]
    [InlineData("""{"format":1,"version":"1","created_us":1,"hashes":[{"scheme":300,"hash":"00"}],"key":{}}""")]
    [InlineData("""{"format":1,"version":"1","created_us":1,"hashes":[{"scheme":1,"hash":null}],"key":{}}""")]
    [InlineData("""{"format":1,"version":null,"created_us":1,"hashes":[],"key":{}}""")]
    [InlineData("""{"format":1,"version":"11111111111111111","created_us":1,"hashes":[],"key":{}}""")]
    [InlineData("""{"format":1,"version":"1","created_us":1,"hashes":[],"key":{"tags":1}}""")]
    public void Read_of_a_damaged_record_says_so(string text)
    {
        StoreException error = Assert.Throws<StoreException>(() => KeyRecordFormat.Read(Encoding.UTF8.GetBytes(text)));

        Assert.StartsWith("The stored record of a key is damaged.", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public void Read_of_a_later_format_says_that_a_newer_version_wrote_it()
    {
        StoreException error = Assert.Throws<StoreException>(() => KeyRecordFormat.Read("""{"format":2}"""u8.ToArray()));

        Assert.Contains("has the format 2, and this server reads 1", error.Message, StringComparison.Ordinal);
    }

    private static KeyRecord Record() =>
        KeyStoreContract.Record(
            "k1", ulong.MaxValue, "o", hashes: [KeyStoreContract.Custom("test"), KeyStoreContract.Made("x") with { EndsAtUs = 5 }]) with
        { SealedHmacString = "s1:x" };
}
