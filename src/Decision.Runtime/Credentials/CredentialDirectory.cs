using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Credentials;

/// <summary>
/// Finds the credential of a token. The store is asked at every call and nothing is remembered, so that a revocation bites on every replica at
/// once: admin calls are few, and one that the store cannot be asked for would fail there anyway.
/// </summary>
public sealed class CredentialDirectory(IDocumentStore documents, TimeProvider time, ILogger<CredentialDirectory> log)
{
    /// <summary>How exactly the last use is known.</summary>
    public static readonly TimeSpan UseGrain = TimeSpan.FromHours(1);

    private const string Wrong = "The admin credential is wrong.";
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly ConcurrentDictionary<string, long> _uses = new(StringComparer.Ordinal);

    /// <summary>The credential of a token.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async ValueTask<CredentialFinding> FindAsync(string token, CancellationToken cancellation)
    {
        if (!AdminToken.TryReadId(token, out string id))
        {
            return new CredentialFinding(null, Wrong);
        }

        var document = await documents.FindAsync(DocumentKind.AdminCredential, id, cancellation).ConfigureAwait(false);
        var credential = document is null ? null : CredentialFormat.Read(document);

        // Compared in constant time also where there is none, so that nobody learns by the clock which ids exist.
        bool isSame = CryptographicOperations.FixedTimeEquals(
            credential is null ? NoHash : credential.Hash.AsSpan(), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (credential is null || !isSame)
        {
            return new CredentialFinding(null, Wrong);
        }

        long nowUs = time.NowUs();
        if (!credential.IsLiveAt(nowUs))
        {
            return new CredentialFinding(
                null, credential.RevokedAtUs != 0 ? $"The admin credential {credential.Name} was revoked." : $"The admin credential {credential.Name} has expired.");
        }

        await NoteUseAsync(id, nowUs, cancellation).ConfigureAwait(false);
        return new CredentialFinding(credential, null);
    }

    /// <summary>Whether the credential of somebody who has shown its token before is still accepted.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async ValueTask<bool> IsLiveAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(DocumentKind.AdminCredential, id, cancellation).ConfigureAwait(false) is { } document
        && CredentialFormat.Read(document).IsLiveAt(time.NowUs());

    /// <summary>Whether another credential may do everything, for all organisations.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async ValueTask<bool> HasAdminAsync(CancellationToken cancellation)
    {
        long nowUs = time.NowUs();
        var stored = await documents.LoadAsync(DocumentKind.AdminCredential, cancellation).ConfigureAwait(false);
        return stored.Select(CredentialFormat.Read)
            .Any(credential => credential is { Role: AdminRole.Admin, Organizations.IsEmpty: true } && credential.IsLiveAt(nowUs));
    }

    // Written rarely, and never in the way of a call: a use that could not be noted is noted by the next one.
    private async ValueTask NoteUseAsync(string id, long nowUs, CancellationToken cancellation)
    {
        if (_uses.TryGetValue(id, out long notedUs) && nowUs - notedUs < (long)UseGrain.TotalMicroseconds)
        {
            return;
        }

        try
        {
            var use = new Document(DocumentKind.CredentialUse, id, nowUs, "use", "{}"u8.ToArray(), nowUs);
            await documents.PutAsync(use, "", "update", cancellation).ConfigureAwait(false);
            _uses[id] = nowUs;
        }
        catch (StoreException error)
        {
            CredentialLog.UseNotNoted(log, id, error);
        }
    }
}
