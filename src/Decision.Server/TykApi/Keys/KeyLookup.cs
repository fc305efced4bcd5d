using Decision.Engine.Credentials;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;

namespace Decision.Server.TykApi.Keys;

/// <summary>Finds the key that a path names: by its text, else by its id, or by its hash where the caller says that it is one.</summary>
internal sealed class KeyLookup(KeyAdministration keys, IKeyStore store)
{
    private const int Page = 1000;

    /// <summary>The key's id; null = there is no such key.</summary>
    /// <param name="text">What the path says.</param>
    /// <param name="isHash">True = it is a hash or an id, and no key's text.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<string?> FindAsync(string text, bool isHash, CancellationToken cancellation)
    {
        if (!isHash && await keys.FindIdAsync(text, cancellation) is { } id)
        {
            return id;
        }

        return KeyToken.IsId(text) && await store.FindAsync(text, cancellation) is not null ? text
            : isHash && IsHash(text) ? await FindByHashAsync(text.ToLowerInvariant(), cancellation)
            : null;
    }

    private static bool IsHash(string text) => text.Length == KeyHash.ByteLength * 2 && text.All(char.IsAsciiHexDigit);

    private async ValueTask<string?> FindByHashAsync(string hash, CancellationToken cancellation)
    {
        if (await store.FindIdByHashAsync(hash, cancellation) is { } custom
            && await store.FindAsync(custom, cancellation) is { } owner && Has(owner, hash))
        {
            return custom;
        }

        // The hashes of keys that were made here are in no index, for requests find those keys by the id in their text.
        string after = "";
        while (true)
        {
            var page = await store.ListAsync(KeyFilter.All, after, Page, cancellation);
            if (page.FirstOrDefault(record => Has(record, hash)) is { } found)
            {
                return found.Key.Id;
            }

            if (page.Count < Page)
            {
                return null;
            }

            after = page[^1].Key.Id;
        }
    }

    private static bool Has(KeyRecord record, string hash) => record.Hashes.Any(one => one.ToText() == hash);
}
