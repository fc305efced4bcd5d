using Decision.Contracts.Admin.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Backups;

/// <summary>Takes backups of servers.</summary>
internal static class BackupClient
{
    public static Task<(Backup Backup, byte[] Content)> BackupAsync(this RunningServer server, Metadata credential) =>
        BackupAsync(new BackupService.BackupServiceClient(server.Channel), credential);

    public static async Task<(Backup Backup, byte[] Content)> BackupAsync(BackupService.BackupServiceClient client, Metadata credential)
    {
        using var call = client.CreateBackup(new CreateBackupRequest(), credential);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var backup = call.ResponseStream.Current.Backup;
        using var content = new MemoryStream();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            call.ResponseStream.Current.Content.WriteTo(content);
        }

        return (backup, content.ToArray());
    }
}
