using System.Security.Cryptography;
using System.Text;
using Decision.Cli.Backups;
using Decision.Cli.Failures;
using Decision.Cli.Tests.Support;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Tests.Backups;

/// <summary><c>decisionctl backup create</c> against a server.</summary>
public sealed class BackupCommandTests(LiveServer server) : IDisposable
{
    private readonly FileFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_writes_what_the_server_sent_for_its_owner_alone()
    {
        string file = _folder.PathOf("backup.db");

        var run = (await Tool.RunAsync(server, "backup", "create", file, "-o", "json")).Expect(ExitCode.Done);

        byte[] content = await File.ReadAllBytesAsync(file);
        Assert.Equal(file, run.Json["file"]!.GetValue<string>());
        Assert.Equal((content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), (run.Json["size"]!.GetValue<long>(), run.Json["sha256"]!.GetValue<string>()));
        Assert.StartsWith("SQLite format 3", Encoding.ASCII.GetString(content, 0, 16), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Create_tells_people_what_they_have_and_scripts_where()
    {
        string file = _folder.PathOf("for-people.db");

        string told = (await Tool.RunAsync(server, "backup", "create", file)).Expect(ExitCode.Done).Out;

        Assert.Matches($"^Backup of [0-9: -]+ UTC in {file}: [0-9]+ bytes, SHA-256 [0-9a-f]{{64}}\\.\n$", told);
        Assert.Equal(_folder.PathOf("2.db") + "\n", (await Tool.RunAsync(server, "backup", "create", _folder.PathOf("2.db"), "--quiet")).Expect(ExitCode.Done).Out);
    }

    [Fact]
    public async Task Create_over_a_file_or_where_there_is_no_folder_is_wrong_use_and_leaves_all_as_it_is()
    {
        string file = _folder.Write("kept", "yesterday");

        Assert.Contains("exists already", (await Tool.RunAsync(server, "backup", "create", file)).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be written", (await Tool.RunAsync(server, "backup", "create", _folder.PathOf("none/x"))).Expect(ExitCode.WrongUse).Error, StringComparison.Ordinal);
        Assert.Equal("yesterday", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Create_that_is_refused_leaves_no_file()
    {
        string token = (await Tool.RunAsync(server, "credential", "create", TestNames.Unique("cred"), "--role", "operator", "--quiet")).Out.Trim();
        var tool = new Tool { Server = server, Environment = new Dictionary<string, string> { ["DECISION_ADMIN_SECRET"] = token } };

        var refused = (await tool.RunAsync("backup", "create", _folder.PathOf("x"))).Expect(ExitCode.Refused);

        Assert.Contains("needs the role admin", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(2, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(null, null)]
    public async Task What_did_not_come_whole_gets_no_name(int? size, string? sha256)
    {
        byte[] came = [1, 2];
        await using (var file = BackupFile.Create(_folder.PathOf("x")))
        {
            await file.WriteAsync(came, CancellationToken.None);
            var told = size is null ? null : new Backup { Size = size.Value, Sha256 = sha256 ?? Convert.ToHexStringLower(SHA256.HashData(came)) };

            var failure = await Assert.ThrowsAsync<CommandException>(() => file.CompleteAsync(told));

            Assert.Equal(ExitCode.ServiceFailed, failure.ExitCode);
            Assert.Contains("did not come whole", failure.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
