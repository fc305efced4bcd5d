using System.Globalization;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Cli.Values;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Credentials;
using Grpc.Core;

namespace Decision.Cli.Keys.Bulk;

/// <summary>Which keys: those of a list, or those that fit every filter; null = not given.</summary>
internal sealed record BulkSelection(
    string? File, string? Organization, string? Policy, string? Tag, string? Alias, bool IsDryRun, bool IsAgreed, int AtOnce)
{
    /// <summary>Reads the keys.</summary>
    /// <exception cref="CommandException">Nothing says which keys.</exception>
    public async Task<IReadOnlyList<BulkEntry>> ReadAsync(Session session)
    {
        bool hasFilter = Organization is not null || Policy is { Length: > 0 } || Tag is { Length: > 0 } || Alias is { Length: > 0 };
        if (File is null)
        {
            return hasFilter
                ? await session.Output.WithProgressAsync("Reading keys", progress => ListAsync(session, progress))
                : throw CommandException.WrongUse("Say which keys: by --org, --policy, --tag or --alias, or by a list with --file.");
        }

        string[] lines = [.. InputFile.ReadText(File, session.Shell).Split('\n').Select(line => line.Trim())];
        (string Text, int Number)[] texts =
        [
            .. lines.Select((line, index) => (line, index + 1)).Where(line => line.line.Length > 0 && !line.line.StartsWith('#')),
        ];
        if (texts.Length == 0)
        {
            throw CommandException.WrongUse($"There is no key in {(File == InputFile.StandardInput ? "standard input" : File)}.");
        }

        var found = await session.Output.WithProgressAsync("Finding keys", progress => FindAsync(texts, session, progress));
        return [.. found.Where(entry => entry.Key is not { } key || Fits(key)).DistinctBy(entry => entry.Name)];
    }

    private async Task<IReadOnlyList<BulkEntry>> ListAsync(Session session, ProgressReport progress)
    {
        var request = new ListKeysRequest { PolicyId = Policy ?? "", Tag = Tag ?? "", Alias = Alias ?? "" };
        if (Organization is not null)
        {
            request.OrganizationId = Organization;
        }

        var entries = new List<BulkEntry>();
        var keys = Pages.ReadAsync<Key>(async (size, token) =>
        {
            var page = request.Clone();
            (page.PageSize, page.PageToken) = (size, token);
            var answer = await session.Keys.ListKeysAsync(page);
            progress.Report(entries.Count, answer.TotalSize);
            return (answer.Keys, answer.NextPageToken);
        });
        await foreach (var key in keys)
        {
            entries.Add(new BulkEntry(key.KeyId, key));
        }

        return entries;
    }

    private async Task<IReadOnlyList<BulkEntry>> FindAsync((string Text, int Number)[] texts, Session session, ProgressReport progress)
    {
        var found = new BulkEntry[texts.Length];
        int done = 0;
        await Parallel.ForAsync(
            0,
            texts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = session.Cancellation },
            async (index, _) =>
            {
                found[index] = await FindAsync(texts[index].Text, texts[index].Number, session);
                progress.Report(Interlocked.Increment(ref done), texts.Length);
            });
        return found;
    }

    // Sixteen letters and digits may be an id, or a text that a person chose.
    private static async Task<BulkEntry> FindAsync(string text, int number, Session session)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"line {number}");
        try
        {
            if (KeyToken.IsId(text) && await TryGetAsync(text, session) is { } named)
            {
                return new BulkEntry(named.KeyId, named);
            }

            string id = (await session.Keys.FindKeyAsync(new FindKeyRequest { ApiKey = text })).KeyId;
            return id.Length > 0 && await TryGetAsync(id, session) is { } key
                ? new BulkEntry(key.KeyId, key)
                : new BulkEntry(line, null, new BulkOutcome(line, BulkOutcomeKind.NotFound, "no key has this id or text now."));
        }
        catch (RpcException error) when (error.StatusCode != StatusCode.Unauthenticated && !session.Cancellation.IsCancellationRequested)
        {
            return new BulkEntry(line, null, BulkRun.OutcomeOf(line, error, session));
        }
    }

    private static async Task<Key?> TryGetAsync(string id, Session session)
    {
        try
        {
            return (await session.Keys.GetKeyAsync(new GetKeyRequest { KeyId = id })).Key;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Whether a key passes the filters; they narrow a list too.</summary>
    public bool Fits(Key key) =>
        (Organization is null || key.OrgId == Organization)
        && (Policy is not { Length: > 0 } || key.ApplyPolicies.Contains(Policy))
        && (Tag is not { Length: > 0 } || key.Tags.Contains(Tag))
        && (Alias is not { Length: > 0 } || key.Alias == Alias);
}
