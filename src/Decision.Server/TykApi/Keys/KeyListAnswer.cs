using System.Text.Json;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Keys;

/// <summary>The ids of keys, read from the store page by page while they are sent: however many there are, one page is in memory.</summary>
internal sealed class KeyListAnswer : TykAnswer
{
    private const int Page = 1000;

    private readonly KeyListing _listing;
    private readonly IReadOnlyList<KeyRecord> _first;

    // The body is written when the call itself has ended.
    private readonly Actor _actor = Actor.Current;

    private KeyListAnswer(KeyListing listing, IReadOnlyList<KeyRecord> first)
        : base(StatusCodes.Status200OK) => (_listing, _first) = (listing, first);

    /// <summary>Reads the first page, so that a store that fails is answered as such.</summary>
    public static async Task<TykAnswer> StartAsync(KeyListing listing, CancellationToken cancellation) =>
        new KeyListAnswer(listing, await listing.Store.ListAsync(listing.Filter, "", Page, cancellation));

    protected override async Task WriteBodyAsync(HttpContext context)
    {
        var page = _first;
        try
        {
            await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            while (true)
            {
                foreach (var record in page.Where(Fits))
                {
                    writer.WriteStringValue(record.Key.Id);
                }

                if (page.Count < Page)
                {
                    break;
                }

                await writer.FlushAsync(context.RequestAborted);
                page = await _listing.Store.ListAsync(_listing.Filter, page[^1].Key.Id, Page, context.RequestAborted);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        catch (StoreException exception)
        {
            TykApiLog.ListBroken(_listing.Log, exception);
            context.Abort();
        }
    }

    private bool Fits(KeyRecord record) => _actor.Includes(record.Key.OrganizationId) && (_listing.ApiId.Length == 0 || HasApi(record));

    private bool HasApi(KeyRecord record) =>
        _listing.Keys.Preview(record.Key) is var merged && (merged.AnyApi is not null || merged.Rights.ContainsKey(_listing.ApiId));
}
