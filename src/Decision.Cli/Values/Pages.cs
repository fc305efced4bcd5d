using System.CommandLine;

namespace Decision.Cli.Values;

/// <summary>Reads lists of the service page by page.</summary>
internal static class Pages
{
    /// <summary>The most that the service answers in one call.</summary>
    public const int MaximumSize = 1000;

    /// <summary>All items of all pages, up to a limit; the last page is read only where it is needed.</summary>
    /// <param name="read">Asks for one page by size and token, and gives its items and the token of the next; empty = it was the last.</param>
    /// <param name="limit">The most items to give.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<int, string, Task<(IReadOnlyList<T> Items, string NextToken)>> read, long limit = long.MaxValue)
    {
        string token = "";
        do
        {
            var (items, next) = await read((int)Math.Min(MaximumSize, limit), token);
            foreach (var item in items)
            {
                if (limit-- <= 0)
                {
                    yield break;
                }

                yield return item;
            }

            token = next;
        }
        while (token.Length > 0 && limit > 0);
    }

    /// <summary><c>--limit</c> of a list command.</summary>
    public static Option<long?> LimitOption()
    {
        var option = new Option<long?>("--limit") { Description = "The most to list. Default: all.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && long.TryParse(token.Value, out long value) && value < 1)
            {
                result.AddError("--limit must be 1 or more.");
            }
        });
        return option;
    }
}
