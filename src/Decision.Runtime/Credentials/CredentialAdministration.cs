using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Credentials;

/// <summary>Makes, shows and revokes admin credentials. What it answers is durable and in force on every replica.</summary>
public sealed class CredentialAdministration
{
    /// <summary>The most credentials that are kept. Of more, the one that ended first makes room for the next.</summary>
    public const int MostCredentials = 1000;

    private const int Attempts = 5;
    private const string Noun = "credential";

    private readonly IDocumentStore _documents;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    internal CredentialAdministration(IDocumentStore documents, AuditTrail audit, TimeProvider time) =>
        (_documents, _audit, _time) = (documents, audit, time);

    /// <summary>Makes a credential.</summary>
    /// <param name="name">Who or what has it.</param>
    /// <param name="description">More about it; empty = nothing.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="organizations">The organisations that it is for; empty = all.</param>
    /// <param name="expiresAtUs">From then on it is refused; 0 = never.</param>
    /// <param name="cancellation">Given up before the write.</param>
    public async ValueTask<CreatedCredential> CreateAsync(
        string name, string description, AdminRole role, IEnumerable<string> organizations, long expiresAtUs, CancellationToken cancellation)
    {
        long nowUs = _time.NowUs();
        string id = KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength));
        string token = AdminToken.Create(id, RandomNumberGenerator.GetBytes(AdminToken.SecretRandomLength));
        var credential = new AdminCredential
        {
            Id = id,
            Name = name,
            Description = description,
            Role = role,
            Organizations = [.. organizations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Hash = [.. SHA256.HashData(Encoding.UTF8.GetBytes(token))],
            CreatedAtUs = nowUs,
            CreatedBy = Actor.Current.Name,
            ExpiresAtUs = expiresAtUs,
        };
        CredentialRules.Check(credential, nowUs);
        RequireScope(credential);
        await MakeRoomAsync(nowUs, cancellation).ConfigureAwait(false);
        bool isWritten = await WriteAsync(null, credential, null, 1, cancellation).ConfigureAwait(false);
        return isWritten
            ? new CreatedCredential(credential, token)
            : throw new AdministrationException(AdministrationError.AlreadyExists, "The id that was made is taken: try again.");
    }

    /// <summary>One credential, also one that has ended.</summary>
    public async ValueTask<AdminCredential> GetAsync(string id, CancellationToken cancellation)
    {
        var (credential, _) = await FindAsync(id, cancellation).ConfigureAwait(false);
        return credential with { LastUsedAtUs = await LastUseAsync(id, cancellation).ConfigureAwait(false) };
    }

    /// <summary>The credentials that the caller may see, in the order of their ids.</summary>
    /// <param name="withEnded">Whether those are told too that have expired or were revoked.</param>
    /// <param name="pageToken">Where to go on; empty = at the start.</param>
    /// <param name="pageSize">The most to answer; 0 = the default.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<StoredPage<AdminCredential>> ListAsync(bool withEnded, string pageToken, int pageSize, CancellationToken cancellation)
    {
        int size = PageSize.Read(pageSize);
        string filter = $"credentials {withEnded}";
        string after = PageToken.Read(pageToken, filter);
        long nowUs = _time.NowUs();
        var stored = await _documents.LoadAsync(DocumentKind.AdminCredential, cancellation).ConfigureAwait(false);
        var uses = (await _documents.LoadAsync(DocumentKind.CredentialUse, cancellation).ConfigureAwait(false))
            .ToDictionary(use => use.Id, use => use.ChangedAtUs, StringComparer.Ordinal);
        var all = stored.Select(CredentialFormat.Read)
            .Where(credential => Actor.Current.IncludesAll(credential.Organizations) && (withEnded || credential.IsLiveAt(nowUs)))
            .Select(credential => credential with { LastUsedAtUs = uses.GetValueOrDefault(credential.Id) })
            .ToArray();
        AdminCredential[] page = [.. all.Where(credential => string.CompareOrdinal(credential.Id, after) > 0).Take(size)];
        bool hasMore = page.Length > 0 && all[^1].Id != page[^1].Id;
        return new StoredPage<AdminCredential>(page, hasMore ? PageToken.After(page[^1].Id, filter) : "", all.Length);
    }

    /// <summary>Ends a credential: its next call is refused, on every replica. One that was revoked before stays as it is.</summary>
    public async ValueTask<AdminCredential> RevokeAsync(string id, CancellationToken cancellation)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            var (before, document) = await FindAsync(id, cancellation).ConfigureAwait(false);
            if (before.RevokedAtUs != 0)
            {
                return before;
            }

            var after = before with { RevokedAtUs = _time.NowUs(), RevokedBy = Actor.Current.Name };
            if (await WriteAsync(before, after, document.Etag, document.Revision + 1, cancellation).ConfigureAwait(false))
            {
                return after;
            }
        }

        throw new AdministrationException(AdministrationError.Conflict, $"The credential {id} was changed at the same time: try again.");
    }

    private async ValueTask<(AdminCredential Credential, Document Document)> FindAsync(string id, CancellationToken cancellation)
    {
        if (!KeyToken.IsId(id) || await _documents.FindAsync(DocumentKind.AdminCredential, id, cancellation).ConfigureAwait(false) is not { } document)
        {
            // What stands in the id's place may be a token: it never comes back.
            throw new AdministrationException(
                AdministrationError.NotFound, "There is no credential with this id; ids have 16 letters and digits, and are not the token itself.");
        }

        var credential = CredentialFormat.Read(document);
        RequireScope(credential);
        return (credential, document);
    }

    private async ValueTask<long> LastUseAsync(string id, CancellationToken cancellation) =>
        (await _documents.FindAsync(DocumentKind.CredentialUse, id, cancellation).ConfigureAwait(false))?.ChangedAtUs ?? 0;

    private static void RequireScope(AdminCredential credential)
    {
        if (credential.Organizations.IsEmpty)
        {
            Actor.Current.RequireAll($"The credential {credential.Name} is for all organisations");
        }

        foreach (string organization in credential.Organizations)
        {
            Actor.Current.Require(organization, $"credential {credential.Name}");
        }
    }

    private ValueTask<bool> WriteAsync(AdminCredential? before, AdminCredential after, string? etag, long revision, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var document = new Document(
            DocumentKind.AdminCredential,
            after.Id,
            revision,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            CredentialFormat.Write(after),
            _time.NowUs());
        string change = before is null ? "create" : "update";
        var act = new AuditAct(before is null ? "credential.create" : "credential.revoke", Noun, after.Id, OrganizationOf(after))
        {
            Before = before is null ? default : CredentialFormat.Write(before, withHash: false),
            After = CredentialFormat.Write(after, withHash: false),
        };
        return _audit.RunAsync(
            act, () => _documents.PutAsync(document, etag, change, CancellationToken.None), static isWritten => isWritten);
    }

    private static string OrganizationOf(AdminCredential credential) => credential.Organizations is [var only] ? only : "";

    private async ValueTask MakeRoomAsync(long nowUs, CancellationToken cancellation)
    {
        var stored = await _documents.LoadAsync(DocumentKind.AdminCredential, cancellation).ConfigureAwait(false);
        if (stored.Count < MostCredentials)
        {
            return;
        }

        var ended = stored.Select(document => (Credential: CredentialFormat.Read(document), document.Etag))
            .Where(one => !one.Credential.IsLiveAt(nowUs))
            .OrderBy(one => one.Credential.EndsAtUs)
            .ToImmutableArray();
        if (ended.IsEmpty)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition, $"There are {stored.Count} credentials already, and all of them are in use: revoke one first.");
        }

        await _documents.DeleteAsync(DocumentKind.AdminCredential, ended[0].Credential.Id, ended[0].Etag, nowUs, CancellationToken.None).ConfigureAwait(false);
    }
}
