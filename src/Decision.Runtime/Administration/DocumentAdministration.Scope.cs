using Decision.Runtime.Credentials;

namespace Decision.Runtime.Administration;

/// <content>Whose they are: a credential for some organisations sees and changes theirs alone.</content>
public abstract partial class DocumentAdministration<T>
    where T : class
{
    private void RequireScope(T value) => Actor.Current.Require(OrganizationOf(value), $"{Noun} {IdOf(value)}");

    // Of what is there now, or was there before it was deleted: whoever may not see that, may see none of its revisions.
    private async ValueTask RequireScopeAsync(string id, CancellationToken cancellation)
    {
        if (!Actor.Current.IsScoped)
        {
            return;
        }

        if (await FromStoreAsync(id, cancellation).ConfigureAwait(false) is { } current)
        {
            RequireScope(current.Value);
            return;
        }

        // A deletion has no content: the revision before it has.
        var newest = await _documents.RevisionsAsync(Kind, id, 0, 2, cancellation).ConfigureAwait(false);
        RequireScope(Parse(id, newest.First(revision => !revision.Json.IsEmpty).Json));
    }
}
