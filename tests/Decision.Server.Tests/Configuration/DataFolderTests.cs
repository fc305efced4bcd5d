using Decision.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Server.Tests.Configuration;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AdminSecret_first_time_is_made_for_the_user_alone_and_then_kept()
    {
        string path = Path.Combine(_folder.Path, "data");
        var data = new DataFolder(path, NullLogger.Instance);

        string secret = data.AdminSecret();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal(secret, new DataFolder(path, NullLogger.Instance).AdminSecret());
        Assert.NotEqual(secret, System.Text.Encoding.UTF8.GetString(data.SecretsKey()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.AdminSecretFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.SecretsKeyFile));
        Assert.Equal(2, Directory.GetFiles(path).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short\n")]
    [InlineData("long enough, but with blanks in between")]
    public void AdminSecret_file_without_a_secret_is_refused(string content)
    {
        var data = new DataFolder(_folder.Path, NullLogger.Instance);
        File.WriteAllText(data.AdminSecretFile, content);

        var exception = Assert.Throws<SettingsException>(data.AdminSecret);

        Assert.Contains(data.AdminSecretFile, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_where_a_file_is_says_so()
    {
        string file = _folder.Write("data", "");

        var exception = Assert.Throws<SettingsException>(new DataFolder(file, NullLogger.Instance).Make);

        Assert.Contains("Set Data:Path", Assert.Single(exception.Problems), StringComparison.Ordinal);
    }
}
