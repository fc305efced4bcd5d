using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
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
        var (redis, configuration) = await StartAsync();
        await using var started = redis;

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

    [Fact]
    public async Task Decisions_over_TLS_are_calls_of_the_function_which_is_loaded_again_where_it_was_lost()
    {
        var (redis, configuration) = await StartTrustedAsync();
        await using var started = redis;
        await using RedisStore store = await OpenWithFunctionAsync(configuration);
        await redis.CommandAsync("CONFIG", "RESETSTAT");

        Assert.Equal((2, 3), (await SpendAsync(store), await SpendAsync(store)));
        Assert.Equal((2, 0), (await redis.CallsAsync("fcall"), await redis.CallsAsync("evalsha")));

        await redis.CommandAsync("FUNCTION", "FLUSH");
        await redis.CommandAsync("CONFIG", "RESETSTAT");
        Assert.Equal(4, await SpendAsync(store));
        await store.Get<DecideClient>().Tried;
        Assert.Equal((5, 6), (await SpendAsync(store), await SpendAsync(store)));

        // The first asked for it in vain, and went as a script.
        Assert.Equal((3, 1), (await redis.CallsAsync("fcall"), await redis.CallsAsync("evalsha")));
        Assert.False(store.Get<SpendLink>().IsUp);
    }

    [Fact]
    public async Task A_function_that_could_not_be_loaded_is_tried_again()
    {
        var (redis, configuration) = await StartTrustedAsync();
        await using var started = redis;
        await using RedisStore store = await OpenWithFunctionAsync(configuration);
        await redis.CommandAsync("FUNCTION", "FLUSH");
        await redis.CommandAsync("CONFIG", "SET", "min-replicas-to-write", "1");

        await Assert.ThrowsAsync<StoreException>(() => SpendAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        await store.Get<DecideClient>().Tried;
        await SpendAsync(store);
        await store.Get<DecideClient>().Tried;
        await redis.CommandAsync("CONFIG", "RESETSTAT");
        await SpendAsync(store);

        Assert.Equal(1, await redis.CallsAsync("fcall"));
    }

    [Theory]
    [InlineData("-function|load")]
    [InlineData("-fcall")]
    public async Task A_user_who_may_not_use_functions_decides_by_scripts_over_TLS_and_asks_no_more(string right)
    {
        var (redis, configuration) = await StartTrustedAsync();
        await using var started = redis;
        await redis.CommandAsync("ACL", "SETUSER", "decision", "on", ">p", "+@all", "~*", "&*", right);
        await using RedisStore store = await RedisStore.OpenAsync(configuration + ",user=decision,password=p");
        Assert.Equal((1, 2), (await SpendAsync(store), await SpendAsync(store)));
        await store.Get<DecideClient>().Tried;
        await redis.CommandAsync("CONFIG", "RESETSTAT");

        Assert.Equal((3, 4, 5), (await SpendAsync(store), await SpendAsync(store), await SpendAsync(store)));

        Assert.Equal((0, 0), (await redis.CallsAsync("fcall", isRejected: true), await redis.CallsAsync("function|load", isRejected: true)));
        Assert.Equal(3, await redis.CallsAsync("evalsha"));
    }

    private static async Task<long> SpendAsync(RedisStore store) =>
        (await store.Get<ICounterStore>().SpendAsync(TestCharges.Spend(TestCharges.Rate(TestCharges.Key("k"), "rate", 1_000_000)), CancellationToken.None)).Outcomes[0].Used;

    // A store that has spent once, and has loaded the function after that.
    private static async Task<RedisStore> OpenWithFunctionAsync(string configuration)
    {
        RedisStore store = await RedisStore.OpenAsync(configuration);
        Assert.Equal(1, await SpendAsync(store));
        await store.Get<DecideClient>().Tried;
        return store;
    }

    private async Task<(RedisServer Redis, string Configuration)> StartTrustedAsync()
    {
        var started = await StartAsync();
        Environment.SetEnvironmentVariable(IssuerVariable, Path.Combine(_folder, "ca.pem"));
        return started;
    }

    private async Task<(RedisServer Redis, string Configuration)> StartAsync()
    {
        WriteCertificates();
        int port = RedisServer.FreePort();
        RedisServer redis = await RedisServer.StartAsync(
            "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
            "--tls-cert-file", Path.Combine(_folder, "server.pem"), "--tls-key-file", Path.Combine(_folder, "server.key"), "--tls-ca-cert-file", Path.Combine(_folder, "ca.pem"));
        return (redis, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},ssl=true"));
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
