using Decision.Runtime.Administration;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Decision.Console.Components.Shared;

/// <summary>A long list, of which as much is read as somebody scrolls to.</summary>
/// <param name="read">Reads a page of the store; the token says where it begins. Null = it could not be read.</param>
/// <param name="changed">Called when more was read.</param>
public sealed class PagedRows<TRow>(Func<string, Task<StoredPage<TRow>?>> read, Action changed)
{
    // How far the list reaches beyond what is read: far enough to scroll on, not to jump to where nothing was read.
    private const int Ahead = 200;

    private readonly List<TRow> _rows = [];
    private string _next = "";
    private bool _isEnd;

    // One after the other, since each reads on where the one before it ended.
    private Task _turn = Task.CompletedTask;

    /// <summary>How many there are in all; null = not known yet.</summary>
    public long? Total { get; private set; }

    /// <summary>How many were read.</summary>
    public int Read => _rows.Count;

    /// <summary>Rows for what is visible.</summary>
    public ValueTask<ItemsProviderResult<TRow>> ProvideAsync(ItemsProviderRequest request)
    {
        var provided = ProvideAsync(_turn, request);
        _turn = provided;
        return new ValueTask<ItemsProviderResult<TRow>>(provided);
    }

    private async Task<ItemsProviderResult<TRow>> ProvideAsync(Task before, ItemsProviderRequest request)
    {
        await before;
        while (_rows.Count < request.StartIndex + request.Count && !_isEnd)
        {
            if (await read(_next) is not { } page)
            {
                break;
            }

            _rows.AddRange(page.Items);
            (_next, Total) = (page.NextPageToken, page.TotalSize);
            _isEnd = _next.Length == 0;
            changed();
        }

        return new ItemsProviderResult<TRow>(
            _rows.Skip(request.StartIndex).Take(request.Count), _isEnd || Total is null ? _rows.Count : (int)Math.Min(Total.Value, _rows.Count + Ahead));
    }
}
