using System.Net;
using System.Security.Cryptography.X509Certificates;
using Decision.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Decision.Client.Tests;

/// <summary>Unix sockets, TLS, and a handler of the caller's own.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates;

    public TransportTests() => _certificates = new TestCertificates(_folder.Path);

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("unix:")]
    [InlineData("unix://")]
    public async Task AuthorizeAsync_goes_over_a_Unix_socket(string scheme)
    {
        string socket = Path.Combine(_folder.Path, "decision.sock");
        await using var service = await FakeService.StartAsync(socket: socket);
        using var client = TestClients.To(scheme + socket);

        Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        Assert.Single(service.Asked);
    }

    [Fact]
    public async Task AuthorizeAsync_to_a_Unix_socket_that_is_not_there_is_unreachable()
    {
        using var client = TestClients.To("unix:" + Path.Combine(_folder.Path, "none.sock"));

        var failure = (await client.AuthorizeAsync(TestClients.Request)).Failure!;

        Assert.Equal((ServiceFailureKind.Unreachable, false), (failure.Kind, failure.MayHaveSpent));
    }

    [Fact]
    public async Task AuthorizeAsync_trusts_whom_the_file_names()
    {
        await using var service = await TlsAsync();
        using var client = service.Client(options => options.Tls.CaFile = _certificates.RootFile);

        Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
    }

    [Fact]
    public async Task AuthorizeAsync_does_not_trust_a_certificate_of_an_unknown_root()
    {
        await using var service = await TlsAsync();
        using var client = service.Client();

        var failure = (await client.AuthorizeAsync(TestClients.Request)).Failure!;

        Assert.Equal((ServiceFailureKind.Unreachable, false), (failure.Kind, failure.MayHaveSpent));
        Assert.Empty(service.Asked);
    }

    [Fact]
    public async Task AuthorizeAsync_does_not_trust_a_root_that_is_not_in_the_file()
    {
        using var others = new TemporaryFolder();
        using var other = new TestCertificates(others.Path);
        await using var service = await TlsAsync();
        using var client = service.Client(options => options.Tls.CaFile = other.RootFile);

        Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsFromFailureMode);
        Assert.Empty(service.Asked);
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("other.example.com", true)]
    public async Task AuthorizeAsync_takes_only_a_certificate_of_the_right_name(string name, bool isRefused)
    {
        await using var service = await TlsAsync();
        Assert.StartsWith("https://127.0.0.1:", service.Address, StringComparison.Ordinal);
        using var client = service.Client(options => (options.Tls.CaFile, options.Tls.ServerName) = (_certificates.RootFile, name));

        Assert.Equal(isRefused, (await client.AuthorizeAsync(TestClients.Request)).IsFromFailureMode);
        Assert.Equal(isRefused ? 0 : 1, service.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_shows_its_certificate()
    {
        string? shown = null;
        await using var service = await TlsAsync(certificate => shown = certificate.Subject);
        using var with = service.Client(options =>
            (options.Tls.CaFile, options.Tls.CertificateFile, options.Tls.KeyFile) =
                (_certificates.RootFile, _certificates.ClientFile, _certificates.ClientKeyFile));
        using var without = service.Client(options => options.Tls.CaFile = _certificates.RootFile);

        Assert.Null((await with.AuthorizeAsync(TestClients.Request)).Failure);
        Assert.Equal("CN=a-client", shown);
        Assert.True((await without.AuthorizeAsync(TestClients.Request)).IsFromFailureMode);
    }

    [Fact]
    public async Task AuthorizeAsync_goes_through_a_handler_of_the_caller_which_stays_the_caller_s()
    {
        await using var service = await FakeService.StartAsync();
        using var handler = new CountingHandler();
        using (var client = service.Client(options => options.HttpHandler = handler))
        {
            Assert.Null((await client.AuthorizeAsync(TestClients.Request)).Failure);
        }

        Assert.Equal((1, false), (handler.Count, handler.IsDisposed));
    }

    private Task<FakeService> TlsAsync(Action<X509Certificate2>? required = null)
    {
        var tls = new HttpsConnectionAdapterOptions { ServerCertificate = _certificates.Server };
        if (required is not null)
        {
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.ClientCertificateValidation = (certificate, _, _) =>
            {
                required(certificate);
                return true;
            };
        }

        return FakeService.StartAsync(tls: tls);
    }

    private sealed class CountingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Count { get; private set; }

        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(HttpVersion.Version20, request.Version);
            Count++;
            return base.SendAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
