using System.Security.Cryptography;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Backups;

/// <summary>Takes copies of the store that decisions are made on.</summary>
public sealed class StoreBackup
{
    private const string Kind = "backup";
    private readonly IBackupStore? _store;
    private readonly AuditTrail _audit;

    /// <param name="store">What can be copied; null = the store is one that cannot.</param>
    /// <param name="audit">Tells of each copy.</param>
    internal StoreBackup(IBackupStore? store, AuditTrail audit) => (_store, _audit) = (store, audit);

    /// <summary>Takes a copy. The audit log tells of it before the first byte is given away; so the copy itself does not know of it.</summary>
    /// <exception cref="AdministrationException">The caller may not, or it is not possible as things are.</exception>
    /// <exception cref="StoreException">The store failed, or the audit log cannot be written.</exception>
    public async ValueTask<BackupCopy> CreateAsync(CancellationToken cancellation)
    {
        Actor.Current.RequireAll("A backup holds what belongs to all organisations");
        if (_store is null)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition,
                "The store is Redis, which has backups of its own (RDB and AOF files); the server's export command writes what it holds as a file.");
        }

        Stream content;
        try
        {
            content = await _store.CopyAsync(cancellation).ConfigureAwait(false);
        }
        catch (BackupRefusedException refused)
        {
            throw new AdministrationException(AdministrationError.FailedPrecondition, refused.Message);
        }

        try
        {
            string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false));
            content.Position = 0;
            var copy = new BackupCopy(content, sha256);
            return await _audit.TellAsync(ActOf(copy), AuditOutcome.Done, "").ConfigureAwait(false)
                ? copy
                : throw new StoreException("No backup is given away, because the audit log cannot be written; the server's log says why.");
        }
        catch
        {
            await content.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static AuditAct ActOf(BackupCopy copy) => new("backup.create", Kind, "", "")
    {
        After = AuditJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("bytes", copy.Length);
            writer.WriteString("sha256", copy.Sha256);
            writer.WriteEndObject();
        }),
    };
}
