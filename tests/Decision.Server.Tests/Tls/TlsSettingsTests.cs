using Decision.Server.Configuration;
using Decision.TestKit;

namespace Decision.Server.Tests.Tls;

/// <summary>What is wrong with the settings of TLS is told at the start, by name and with what to write.</summary>
public sealed class TlsSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates;

    public TlsSettingsTests() => _certificates = new TestCertificates(_folder.Path);

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Server:Tls:CertificateFile=ROOT", "Server:Tls:CertificateFile is set and Server:Tls:KeyFile is not")]
    [InlineData("Server:Tls:KeyFile=ROOT", "Server:Tls:KeyFile is set and Server:Tls:CertificateFile is not")]
    [InlineData("Server:Tls:ClientCaFile=ROOT", "Server:Tls:ClientCaFile is set and Server:Tls:CertificateFile is not")]
    [InlineData("Server:Tls:Addresses=Grpc", "Server:Tls:Addresses is set and means nothing")]
    [InlineData("CERT KEY Server:Tls:Addresses=Grpc,Tcp", "Server:Tls:Addresses is 'Tcp': write some of Grpc, Http, AdminGrpc, AdminHttp.")]
    [InlineData("CERT KEY Server:Tls:Addresses=Grpc Server:Tls:ClientCaFile=ROOT Server:Tls:ClientCertificateAddresses=Http", "Server:Tls:ClientCertificateAddresses is 'Http'")]
    [InlineData("CERT KEY Server:Tls:ClientCertificateAddresses=Http", "Server:Tls:ClientCertificateAddresses is set and means nothing")]
    [InlineData("CERT KEY Server:Tls:Cipher=none", "The setting 'Server:Tls:Cipher' is not known.")]
    [InlineData("Server:Tls:CertificateFile=NONE KEY", "none.pem cannot be read")]
    [InlineData("Server:Tls:CertificateFile=EMPTY KEY", "empty.pem holds no certificate")]
    [InlineData("Server:Tls:CertificateFile=BROKEN KEY", "broken.pem holds no certificate")]
    [InlineData("Server:Tls:CertificateFile=CLIENT KEY", "client.pem begins with a certificate that is not for servers")]
    [InlineData("CERT Server:Tls:KeyFile=ROOT", "does not go with")]
    [InlineData("CERT KEY Server:Tls:ClientCaFile=EMPTY", "empty.pem holds no certificate")]
    public async Task A_setting_that_cannot_be_used_is_told_at_the_start(string settings, string problem)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "empty.pem"), "");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "broken.pem"), "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
        string[] written =
        [
            .. settings.Split(' ').Select(setting => setting switch
            {
                "CERT" => "Server:Tls:CertificateFile=" + _certificates.ServerFile,
                "KEY" => "Server:Tls:KeyFile=" + _certificates.ServerKeyFile,
                _ => setting.Replace("ROOT", _certificates.RootFile, StringComparison.Ordinal)
                    .Replace("CLIENT", _certificates.ClientFile, StringComparison.Ordinal)
                    .Replace("NONE", Path.Combine(_folder.Path, "none.pem"), StringComparison.Ordinal)
                    .Replace("EMPTY", Path.Combine(_folder.Path, "empty.pem"), StringComparison.Ordinal)
                    .Replace("BROKEN", Path.Combine(_folder.Path, "broken.pem"), StringComparison.Ordinal),
            }),
        ];

        var refused = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync(written));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }
}
