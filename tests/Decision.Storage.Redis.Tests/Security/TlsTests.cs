using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decision.Runtime.Stores;
using Decision.TestKit;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Security;

public sealed class TlsTests : IDisposable
{
    // Read by the client library, for authorities that the system does not know.
    private const string IssuerVariable = "SERedis_IssuerCertPath";
    private readonly string _folder = Directory.CreateTempSubdirectory("decision-tls-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(IssuerVariable, null);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Keys_are_written_over_TLS_and_a_server_of_an_unknown_authority_is_refused()
    {
        WriteCertificates();
        int port = RedisServer.FreePort();
        await using RedisServer redis = await RedisServer.StartAsync(
            "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
            "--tls-cert-file", Path.Combine(_folder, "server.pem"), "--tls-key-file", Path.Combine(_folder, "server.key"), "--tls-ca-cert-file", Path.Combine(_folder, "ca.pem"));
        string configuration = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},ssl=true");

        await using (RedisStore stranger = await RedisStore.OpenAsync(configuration))
        {
            await stranger.Connection.StartAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
            StoreException refused = await Assert.ThrowsAsync<StoreException>(
                async () => await stranger.Get<IKeyStore>().FindAsync("k1", CancellationToken.None));
            Assert.Contains("certificate", refused.Message);
        }

        Environment.SetEnvironmentVariable(IssuerVariable, Path.Combine(_folder, "ca.pem"));
        await using RedisStore store = await RedisStore.OpenAsync(configuration);

        Assert.True(await store.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        Assert.NotNull(await store.Get<IKeyStore>().FindAsync("k1", CancellationToken.None));
    }

    private void WriteCertificates()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest authority = new("CN=Test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 authorityCertificate = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using RSA serverKey = RSA.Create(2048);
        CertificateRequest server = new("CN=127.0.0.1", serverKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = server.Create(authorityCertificate, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), authorityCertificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "server.key"), serverKey.ExportPkcs8PrivateKeyPem());
    }
}
