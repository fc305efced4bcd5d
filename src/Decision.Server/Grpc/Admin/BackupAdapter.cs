using Decision.Contracts.Admin.V1;
using Decision.Runtime.Backups;
using Decision.Server.Configuration;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="BackupService"/> on <see cref="StoreBackup"/>.</summary>
internal sealed class BackupAdapter(StoreBackup backups, TimeProvider time) : BackupService.BackupServiceBase
{
    // Below what clients take in one message unless they are told otherwise.
    private const int PartBytes = 256 * 1024;

    public override async Task CreateBackup(
        CreateBackupRequest request, IServerStreamWriter<CreateBackupResponse> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var takenAt = time.GetUtcNow();
        await using var copy = await backups.CreateAsync(cancellation);
        var backup = new Backup { Time = takenAt.ToTimestamp(), Size = copy.Length, Sha256 = copy.Sha256, ServerVersion = HelpText.Version };
        await responseStream.WriteAsync(new CreateBackupResponse { Backup = backup }, cancellation);
        byte[] part = new byte[PartBytes];
        while (await copy.Content.ReadAtLeastAsync(part, PartBytes, throwOnEndOfStream: false, cancellation) is > 0 and var read)
        {
            // Written and done with before the next one is read.
            await responseStream.WriteAsync(
                new CreateBackupResponse { Content = UnsafeByteOperations.UnsafeWrap(part.AsMemory(0, read)) }, cancellation);
        }
    }
}
