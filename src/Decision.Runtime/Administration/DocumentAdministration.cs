using System.Security.Cryptography;
using Decision.Engine.Findings;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>
/// Writes policies, APIs and organisations: checked, durable, then in force, before the call returns. Each change is a revision.
/// </summary>
public abstract partial class DocumentAdministration<T>
    where T : class
{
    // The least text after an id: where a list goes on, also after the empty id.
    private const string NextId = "\0";

    private readonly Catalog _catalog;
    private readonly IDocumentStore _documents;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    private protected DocumentAdministration(Catalog catalog, IDocumentStore documents, AuditTrail audit, TimeProvider time)
    {
        _catalog = catalog;
        _documents = documents;
        _audit = audit;
        _time = time;
    }

    private protected Catalog Catalog => _catalog;

    private protected abstract DocumentKind Kind { get; }

    /// <summary>What one is called, such as <c>policy</c>.</summary>
    private protected abstract string Noun { get; }

    /// <summary>Whether an empty id means that one is to be made.</summary>
    private protected virtual bool MakesIds => true;

    /// <summary>Adds one. An empty id is made, but for organisations, where it is an id of its own.</summary>
    public async ValueTask<Written<T>> CreateAsync(T value, CancellationToken cancellation)
    {
        string id = IdOf(value);
        if (id.Length == 0 && MakesIds)
        {
            id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
            value = WithId(value, id);
        }

        RequireScope(value);
        var findings = Checked(value);
        return await WriteAsync(
            id,
            async () =>
            {
                if (await _documents.FindAsync(Kind, id, cancellation).ConfigureAwait(false) is not null)
                {
                    throw new AdministrationException(AdministrationError.AlreadyExists, $"There is a {Noun} {id} already: update it, or take another id.");
                }

                return (value, null, null, findings);
            },
            "create",
            cancellation).ConfigureAwait(false);
    }

    /// <summary>One by its id; what a file says counts before what is stored.</summary>
    public async ValueTask<Stored<T>> GetAsync(string id, CancellationToken cancellation)
    {
        var found = FromFile(id) ?? await FromStoreAsync(id, cancellation).ConfigureAwait(false) ?? throw NotFound(id);
        RequireScope(found.Value);
        return found;
    }

    /// <summary>All of them that the caller may see, in the order of their ids.</summary>
    public async ValueTask<StoredPage<Stored<T>>> ListAsync(
        Func<T, bool> filter, string filterText, string pageToken, int pageSize, CancellationToken cancellation)
    {
        int size = PageSize.Read(pageSize);
        string after = PageToken.Read(pageToken, Noun + filterText);
        var stored = await _documents.LoadAsync(Kind, cancellation).ConfigureAwait(false);
        var all = stored.Select(Read).Where(one => FromFile(IdOf(one.Value)) is null).Concat(FromFiles())
            .Where(one => filter(one.Value) && Actor.Current.Includes(OrganizationOf(one.Value)))
            .OrderBy(one => IdOf(one.Value), StringComparer.Ordinal)
            .ToArray();
        var page = all.SkipWhile(one => string.CompareOrdinal(IdOf(one.Value), after) < 0).Take(size + 1).ToList();
        bool hasMore = page.Count > size;
        if (hasMore)
        {
            page.RemoveAt(size);
        }

        return new StoredPage<Stored<T>>(page, hasMore ? PageToken.After(IdOf(page[^1].Value) + NextId, Noun + filterText) : "", all.Length);
    }

    /// <summary>Changes one.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">From what is stored to what shall be.</param>
    /// <param name="etag">What the caller has read; empty = whatever is stored.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public ValueTask<Written<T>> UpdateAsync(string id, Func<T, T> change, string etag, CancellationToken cancellation) =>
        WriteAsync(
            id,
            async () =>
            {
                var current = await FromStoreAsync(id, cancellation).ConfigureAwait(false) ?? throw NotFound(id);
                RequireScope(current.Value);
                CheckEtag(id, current.Etag, etag);
                var next = WithId(change(current.Value), id);
                RequireScope(next);
                return (next, current.Etag, current.Value, Checked(next));
            },
            "update",
            cancellation);

    /// <summary>Removes one, if the state allows it.</summary>
    private protected ValueTask DeleteAsync(string id, string etag, CancellationToken cancellation) =>
        DeleteAsync(id, etag, static () => default, cancellation);

    /// <summary>Removes one, if the state allows it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="etag">What the caller has read; empty = whatever is stored.</param>
    /// <param name="allow">Asked last, while nobody else can change the catalog; throws where it must stay.</param>
    /// <param name="cancellation">Given up before the write.</param>
    private protected async ValueTask DeleteAsync(string id, string etag, Func<ValueTask> allow, CancellationToken cancellation)
    {
        await _catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _catalog.ThrowIfStoreUnread();
            CheckWritable(id);
            var current = await FromStoreAsync(id, cancellation).ConfigureAwait(false) ?? throw NotFound(id);
            RequireScope(current.Value);
            CheckEtag(id, current.Etag, etag);
            await allow().ConfigureAwait(false);
            await CatchUpAsync(id, current.Etag, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            var act = new AuditAct(AuditWord + ".delete", AuditWord, id, OrganizationOf(current.Value)) { Before = Write(current.Value) };
            if (!await _audit.RunAsync(
                act,
                () => _documents.DeleteAsync(Kind, id, current.Etag, _time.NowUs(), CancellationToken.None),
                static isDeleted => isDeleted).ConfigureAwait(false))
            {
                throw Changed(id);
            }

            var store = With(_catalog.Store, id, null, 0);
            _catalog.Swap(store with { Etags = store.Etags.Remove((Kind, id)) }, _catalog.Files);
        }
        finally
        {
            _catalog.Gate.Release();
        }
    }

    /// <summary>Called before a write, with what is stored: null = nothing. Brings what is in force here to the same, where others write several together.</summary>
    private protected virtual ValueTask CatchUpAsync(string id, string? etag, CancellationToken cancellation) => default;

    /// <summary>What the audit log calls one.</summary>
    private protected abstract string AuditWord { get; }

    private protected abstract string IdOf(T value);

    /// <summary>Whose it is; empty = nobody's.</summary>
    private protected abstract string OrganizationOf(T value);

    private protected abstract T WithId(T value, string id);

    private protected abstract byte[] Write(T value);

    private protected abstract T? Read(string id, ReadOnlyMemory<byte> json, FindingList findings);

    private protected abstract void Check(T value, FindingList findings);

    private protected abstract CatalogLayer With(CatalogLayer layer, string id, T? value, long revision);

    /// <summary>Those that files give.</summary>
    private protected abstract IEnumerable<Stored<T>> FromFiles();

    private protected abstract Stored<T>? FromFile(string id);

    private protected abstract ValueTask<long> CountKeysAsync(string id, CancellationToken cancellation);

    private protected AdministrationException NotFound(string id) =>
        new(AdministrationError.NotFound, $"There is no {Noun} {(id.Length > 128 ? id[..128] + "..." : id)}.");

    private async ValueTask<Written<T>> WriteAsync(
        string id,
        Func<ValueTask<(T Value, string? ExpectedEtag, T? Before, FindingList Findings)>> prepare,
        string change,
        CancellationToken cancellation)
    {
        await _catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _catalog.ThrowIfStoreUnread();
            CheckWritable(id);
            var (value, expected, before, findings) = await prepare().ConfigureAwait(false);
            var newest = await _documents.RevisionsAsync(Kind, id, 0, 1, cancellation).ConfigureAwait(false);
            long revision = newest is [var last] ? last.Revision + 1 : 1;
            await CatchUpAsync(id, expected, cancellation).ConfigureAwait(false);
            var store = With(_catalog.Store, id, value, revision);
            findings.AddRange(_catalog.ConflictsOf(store, _catalog.Files).Except(_catalog.Conflicts));
            AdministrationException.ThrowIfErrors(findings);

            // From here on the write is finished, so that what the caller gave up on is either done or not begun.
            cancellation.ThrowIfCancellationRequested();
            var document = new Document(
                Kind, id, revision, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), Write(value), _time.NowUs());
            var act = new AuditAct($"{AuditWord}.{change}", AuditWord, id, OrganizationOf(value))
            {
                Before = before is null ? default : Write(before),
                After = document.Json,
            };
            if (!await _audit.RunAsync(
                act, () => _documents.PutAsync(document, expected, change, CancellationToken.None), static isPut => isPut).ConfigureAwait(false))
            {
                throw Changed(id);
            }

            _catalog.Swap(store with { Etags = store.Etags.SetItem((Kind, id), document.Etag) }, _catalog.Files);
            long keys = await CountKeysAsync(id, CancellationToken.None).ConfigureAwait(false);
            return new Written<T>(new Stored<T>(value, document.Etag, revision, "store"), findings, keys);
        }
        finally
        {
            _catalog.Gate.Release();
        }
    }

    private void CheckWritable(string id)
    {
        if (FromFile(id) is { } file)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition, $"The {Noun} {id} comes from the file {file.Source}: change it there.");
        }
    }

    private void CheckEtag(string id, string current, string expected)
    {
        if (expected.Length > 0 && expected != current)
        {
            throw Changed(id);
        }
    }

    private AdministrationException Changed(string id) => new(
        AdministrationError.Conflict, $"The {Noun} {id} was changed since it was read (etag): read it again and repeat the change.");

    private FindingList Checked(T value)
    {
        var findings = new FindingList();
        Check(value, findings);
        AdministrationException.ThrowIfErrors(findings);
        return findings;
    }

    private async ValueTask<Stored<T>?> FromStoreAsync(string id, CancellationToken cancellation) =>
        await _documents.FindAsync(Kind, id, cancellation).ConfigureAwait(false) is { } document ? Read(document) : null;

    private Stored<T> Read(Document document) => new(Parse(document.Id, document.Json), document.Etag, document.Revision, "store");

    private T Parse(string id, ReadOnlyMemory<byte> json)
    {
        var findings = new FindingList();
        return Read(id, json, findings) is { } value && !findings.HasErrors
            ? value
            : throw new StoreException($"The stored {Noun} {id} cannot be read: {string.Join(" ", findings)}");
    }
}
