using Decision.Runtime.Credentials;

namespace Decision.Runtime.Administration;

/// <content>What one was before.</content>
public abstract partial class DocumentAdministration<T>
    where T : class
{
    /// <summary>Its changes, newest first; they outlive its deletion.</summary>
    public async ValueTask<StoredPage<StoredRevision<T>>> RevisionsAsync(string id, string pageToken, int pageSize, CancellationToken cancellation)
    {
        int size = PageSize.Read(pageSize);
        string filter = $"{Noun} {id} revisions";
        long before = PageToken.Read(pageToken, filter) is { Length: > 0 } text && long.TryParse(text, out long number) ? number : 0;
        var revisions = await _documents.RevisionsAsync(Kind, id, before, size + 1, cancellation).ConfigureAwait(false);
        if (revisions.Count == 0 && before == 0)
        {
            throw NotFound(id);
        }

        await RequireScopeAsync(id, cancellation).ConfigureAwait(false);
        var page = revisions.Take(size).Select(revision => new StoredRevision<T>(
            revision.Revision,
            revision.Change,
            revision.ChangedAtUs,
            revision.Json.IsEmpty ? null : Parse(id, revision.Json)))
            .Where(revision => revision.Value is null || Actor.Current.Includes(OrganizationOf(revision.Value))).ToArray();
        var newest = before == 0 ? revisions : await _documents.RevisionsAsync(Kind, id, 0, 1, cancellation).ConfigureAwait(false);
        long total = newest is [var last, ..] ? last.Revision : 0;
        return new StoredPage<StoredRevision<T>>(
            page, revisions.Count > size ? PageToken.After(revisions[size - 1].Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), filter) : "", total);
    }

    /// <summary>Makes an earlier revision the newest; also brings back what was deleted.</summary>
    public ValueTask<Written<T>> RollbackAsync(string id, long revision, string etag, CancellationToken cancellation) =>
        WriteAsync(
            id,
            async () =>
            {
                var found = await _documents.RevisionsAsync(Kind, id, revision + 1, 1, cancellation).ConfigureAwait(false);
                if (found is not [var old] || old.Revision != revision)
                {
                    throw new AdministrationException(AdministrationError.NotFound, $"There is no revision {revision} of {Noun} {id}; list its revisions.");
                }

                if (old.Json.IsEmpty)
                {
                    throw new AdministrationException("revision", $"{revision} is a deletion and has no content to go back to; name an earlier one.");
                }

                var current = await FromStoreAsync(id, cancellation).ConfigureAwait(false);
                var value = Parse(id, old.Json);
                RequireScope(current?.Value ?? value);
                RequireScope(value);
                CheckEtag(id, current?.Etag ?? "", etag);
                return (value, current?.Etag, current?.Value, Checked(value));
            },
            "rollback",
            cancellation);
}
