using System.Collections.Immutable;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>What of a key's record depends on <c>Secrets:Key</c> and on other keys.</summary>
internal static class KeyRecordSecrets
{
    /// <summary>Whether the record is of use only with the <c>Secrets:Key</c> that it was made with.</summary>
    public static bool NeedsSecretsKey(this KeyRecord record) =>
        record.SealedHmacString.Length > 0 || record.Hashes.Any(hash => hash.Scheme == KeyHashScheme.HmacSha256);

    /// <summary>The hashes by which the store finds the key; no two keys have one in common.</summary>
    public static ImmutableArray<string> IndexedHashes(this KeyRecord record) =>
        [.. record.Hashes.Where(hash => hash.Scheme == KeyHashScheme.HmacSha256).Select(hash => hash.ToText())];

    /// <summary>Whether two records are stored as the same bytes.</summary>
    public static bool IsSame(this KeyRecord record, KeyRecord other) =>
        KeyRecordFormat.Write(record).AsSpan().SequenceEqual(KeyRecordFormat.Write(other));
}
