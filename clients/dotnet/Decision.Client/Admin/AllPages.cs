using System.Runtime.CompilerServices;

namespace Decision.Client.Admin;

/// <summary>Everything of a list, page by page.</summary>
internal static class AllPages
{
    public static async IAsyncEnumerable<T> Of<T>(
        Func<string, CancellationToken, Task<(IEnumerable<T> Items, string NextPageToken)>> page, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string token = "";
        do
        {
            (var items, token) = await page(token, cancellation).ConfigureAwait(false);
            foreach (var item in items)
            {
                yield return item;
            }
        }
        while (token.Length > 0);
    }
}
